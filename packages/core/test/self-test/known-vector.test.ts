import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createVectorMemory } from '../../src/files/index.ts'
import { createSelfTest, knownTexts, resolveSelfTest } from '../../src/index.ts'
import type { SelfTestOptions } from '../../src/index.ts'
import { temporaryFolder } from '../files/temporary-folder.ts'
import { createFakeSubject, sumOfTokens } from './fake-subject.ts'

const { tokenize } = createFakeSubject()
const [short = '', long = ''] = knownTexts
const golden = [short, long].map((text) => ({ text, vector: sumOfTokens(tokenize(text)) }))

function options(changes: Partial<SelfTestOptions> = {}): SelfTestOptions {
  return { mode: 'quick', knownVectors: [], memory: undefined, ...changes }
}

function turned(tokens: readonly number[]): readonly number[] {
  return sumOfTokens(tokens).toReversed()
}

/** The vector turned by a small angle, as another processor's kernels would. */
function nudged(tokens: readonly number[]): readonly number[] {
  const vector = sumOfTokens(tokens)
  const length = Math.hypot(...vector)
  return vector.map((value, i) => value + (i % 2 === 0 ? 1 : -1) * length * 0.005)
}

test('the short known text is computed as queries are, the long one as texts of more than 64 tokens', () => {
  expect(tokenize(short).length).toBeLessThan(30)
  expect(tokenize(long).length).toBeGreaterThan(64)
  expect(long).toMatch(/^[\w .,;]+$/)
})

describe('before a query', () => {
  test('one short text is embedded, ahead of all others and once', async () => {
    const subject = createFakeSubject()
    const selfTest = createSelfTest(subject, options())
    await Promise.all([selfTest.beforeText(9), selfTest.beforeText(20)])
    expect(subject.embedded).toEqual([{ tokens: tokenize(short).length, urgent: true }])
  })

  test('nothing is embedded where no known text fits', async () => {
    const subject = createFakeSubject({ limits: [10] })
    await createSelfTest(subject, options({ knownVectors: golden })).beforeText(9)
    expect(subject.embedded).toEqual([])
  })

  test('a model that gives no vector is refused', async () => {
    const subject = createFakeSubject({ vectorOf: (tokens) => tokens.map(() => Number.NaN) })
    await expect(createSelfTest(subject, options()).beforeText(9)).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  })
})

describe('vectors that are known of the model', () => {
  test('are compared in the range of lengths that they belong to', async () => {
    const subject = createFakeSubject()
    const selfTest = createSelfTest(subject, options({ knownVectors: golden }))
    await selfTest.beforeText(9)
    await selfTest.beforeText(90)
    expect(subject.embedded.map(({ tokens }) => tokens)).toEqual([short, long].map((text) => tokenize(text).length))
  })

  test('refuse a model that gives another one, with the cosine and what to do', async () => {
    const subject = createFakeSubject({ vectorOf: turned })
    const selfTest = createSelfTest(subject, options({ knownVectors: golden }))
    for (const [tokens, words] of [
      [9, 'The upper stone of a quern'],
      [90, 'A mill needs water or wind.'],
    ] as const) {
      await expect(selfTest.beforeText(tokens)).rejects.toMatchObject({
        code: 'MODEL_INVALID',
        hint: expect.stringContaining('checksum') as string,
        details: { model: 'grain', engine: 'fake 1', cosine: expect.any(Number) as number },
      })
      await expect(selfTest.beforeText(tokens)).rejects.toThrow(words)
      await expect(selfTest.beforeText(tokens)).rejects.toThrow(/cosine of -?0\.\d{4} to the one that is stored/)
    }
  })

  test('refuse a model of other dimensions', async () => {
    const knownVectors = [{ text: short, vector: [1, 2, 3] }]
    const selfTest = createSelfTest(createFakeSubject(), options({ knownVectors }))
    await expect(selfTest.beforeText(9)).rejects.toThrow(/3 numbers instead of 16/)
  })

  test('let pass what another processor makes of them', async () => {
    const selfTest = createSelfTest(createFakeSubject({ vectorOf: nudged }), options({ knownVectors: golden }))
    await expect(selfTest.beforeText(9)).resolves.toBeUndefined()
  })
})

describe('the memory', () => {
  test('holds the first vector, and later ones are compared with it', async () => {
    await using folder = await temporaryFolder()
    const memory = createVectorMemory(join(folder.path, 'hashes'))
    await createSelfTest(createFakeSubject(), options({ memory })).beforeText(9)
    await createSelfTest(createFakeSubject({ vectorOf: nudged }), options({ memory })).beforeText(9)
    const changed = createSelfTest(createFakeSubject({ vectorOf: turned, engine: 'fake 2' }), options({ memory }))
    const [file = ''] = await readdir(join(folder.path, 'hashes'))
    await expect(changed.beforeText(9)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      hint: expect.stringContaining(join(folder.path, 'hashes', file)) as string,
    })
    await expect(changed.beforeText(9)).rejects.toThrow(/fake 2.*to the one that fake 1 gave before/)
  })

  test('is that of one fingerprint: another model has its own', async () => {
    await using folder = await temporaryFolder()
    const memory = createVectorMemory(folder.path)
    await createSelfTest(createFakeSubject(), options({ memory })).beforeText(9)
    const other = createFakeSubject({ vectorOf: turned, fingerprint: 'other' })
    await createSelfTest(other, options({ memory })).beforeText(9)
    expect(await readdir(folder.path)).toHaveLength(2)
  })

  test('is written anew where it is damaged in any way', async () => {
    await using folder = await temporaryFolder()
    const memory = createVectorMemory(folder.path)
    await createSelfTest(createFakeSubject(), options({ memory })).beforeText(9)
    const [name = ''] = await readdir(folder.path)
    const path = join(folder.path, name)
    const whole = await readFile(path, 'utf8')
    const damages = [
      '',
      '{',
      'null',
      '[]',
      whole.slice(0, -5),
      whole.replace('"vector":[', '"vector":[null,'),
      whole.replace('"vector":[', '"vector":[1,'),
      whole.replace('"version":1', '"version":2'),
      whole.replace(/"vector":\[.*\]/, '"vector":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]'),
      whole.replace('upper', 'lower'),
    ]
    for (const damage of damages) {
      await writeFile(path, damage)
      await createSelfTest(createFakeSubject(), options({ memory })).beforeText(9)
      expect(await readFile(path, 'utf8')).toBe(whole)
    }
    expect(await readdir(folder.path)).toEqual([name])
  })

  test('that cannot be written costs nothing but what it would have found', async () => {
    await using folder = await temporaryFolder()
    const blocked = join(folder.path, 'file')
    await writeFile(blocked, '')
    const memory = createVectorMemory(join(blocked, 'hashes'))
    await createSelfTest(createFakeSubject(), options({ memory })).beforeDocument(90)
    const changed = createSelfTest(createFakeSubject({ vectorOf: turned }), options({ memory }))
    await expect(changed.beforeDocument(90)).resolves.toBeUndefined()
  })

  test('spares a model the long texts that it passed with this engine, unless all is asked for', async () => {
    await using folder = await temporaryFolder()
    const memory = createVectorMemory(folder.path)
    const embeddedBy = async (engine: string, mode: SelfTestOptions['mode']): Promise<number> => {
      const subject = createFakeSubject({ engine })
      await createSelfTest(subject, options({ memory, mode })).beforeDocument(90)
      return subject.embedded.length
    }
    expect(await embeddedBy('fake 1', 'quick')).toBe(5)
    expect(await embeddedBy('fake 1', 'quick')).toBe(1)
    expect(await embeddedBy('fake 2', 'quick')).toBe(5)
    expect(await embeddedBy('fake 2', 'quick')).toBe(1)
    expect(await embeddedBy('fake 2', 'full')).toBe(5)
  })

  test('holds nothing of a model that failed', async () => {
    await using folder = await temporaryFolder()
    const memory = createVectorMemory(folder.path)
    const faulty = createFakeSubject({ vectorOf: (tokens) => sumOfTokens(tokens.slice(0, 512)) })
    for (let run = 0; run < 2; run++) {
      await expect(createSelfTest(faulty, options({ memory })).beforeDocument(90)).rejects.toThrow(/same vector/)
    }
  })
})

test('the default is quick, and an unknown kind of test is refused', () => {
  expect(resolveSelfTest({}, undefined)).toEqual(options())
  const unknown = { selfTest: 'thorough' as 'full' }
  expect(() => resolveSelfTest(unknown, undefined)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
})
