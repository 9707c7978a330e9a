import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSelfTest } from '../../src/index.ts'
import type { SelfTestOptions } from '../../src/index.ts'
import { nearLimitTokens } from '../../src/self-test/near-limit-tokens.ts'
import { createFakeSubject, sumOfTokens } from './fake-subject.ts'

const quick: SelfTestOptions = { mode: 'quick', knownVectors: [], memory: undefined }
const full: SelfTestOptions = { ...quick, mode: 'full' }
const batch = 512

type VectorOf = (tokens: readonly number[]) => readonly number[]

let calls = 0
const faults: Readonly<Record<string, { readonly vectorOf: VectorOf; readonly reason: RegExp }>> = {
  'that gives one vector for all long texts': {
    vectorOf: (tokens) => sumOfTokens(tokens.length > batch ? [5] : tokens),
    reason: /first 16 tokens have the same vector/,
  },
  'that cuts off the end of a long text': {
    vectorOf: (tokens) => sumOfTokens(tokens.slice(0, batch)),
    reason: /last 16 tokens have the same vector/,
  },
  'that cuts off a few tokens': {
    vectorOf: (tokens) => sumOfTokens(tokens.slice(0, 1000)),
    reason: /last 16 tokens have the same vector/,
  },
  'that sees only the last batch of a long text': {
    vectorOf: (tokens) => sumOfTokens(tokens.slice(Math.floor((tokens.length - 1) / batch) * batch)),
    reason: /first 16 tokens have the same vector/,
  },
  'that gives NaN for long texts': {
    vectorOf: (tokens) => sumOfTokens(tokens).map((value) => (tokens.length > batch ? Number.NaN : value)),
    reason: /of 1023 tokens is no vector: number 0 is NaN/,
  },
  'that gives zeros for long texts': {
    vectorOf: (tokens) => sumOfTokens(tokens).map((value) => (tokens.length > batch ? 0 : value)),
    reason: /all its numbers are zero/,
  },
  'that gives long texts other dimensions': {
    vectorOf: (tokens) => sumOfTokens(tokens).slice(tokens.length > batch ? 1 : 0),
    reason: /15 numbers instead of 16/,
  },
  'that never gives the same vector again': {
    vectorOf: (tokens) => sumOfTokens(tokens).map((value, i) => value + (i === 0 ? 40 * ++calls : 0)),
    reason: /the same text of 1023 tokens has two different vectors/,
  },
  'that cuts long texts and hides it in noise': {
    vectorOf: (tokens) => sumOfTokens(tokens.slice(0, batch)).map((value) => value * (1 + 1e-4 * Math.sin(++calls))),
    reason: /have the same vector/,
  },
}

for (const [name, { vectorOf, reason }] of Object.entries(faults)) {
  test(`an engine ${name} is refused before it embeds documents`, async () => {
    const selfTest = createSelfTest(createFakeSubject({ vectorOf }), quick)
    await expect(selfTest.beforeDocument(100)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      hint: expect.stringContaining('checksum') as string,
    })
    await expect(selfTest.beforeDocument(100)).rejects.toThrow(reason)
    await expect(selfTest.beforeDocument(100)).rejects.toThrow('grain (/models/grain.gguf)')
  })
}

function cutShortTexts(tokens: readonly number[]): readonly number[] {
  return sumOfTokens(tokens.length < 64 ? tokens.slice(0, 32) : tokens)
}

function roundUnevenly(tokens: readonly number[]): readonly number[] {
  return sumOfTokens(tokens).map((value) => value * (1 + 1e-6 * Math.sin(++calls)))
}

test('an engine whose short texts are at fault is refused for short texts', async () => {
  const selfTest = createSelfTest(createFakeSubject({ vectorOf: cutShortTexts }), quick)
  await selfTest.beforeDocument(64)
  await expect(selfTest.beforeDocument(63)).rejects.toThrow(/two texts of 63 tokens/)
})

test('a tokenizer that gives every word the same token is refused', async () => {
  const selfTest = createSelfTest(createFakeSubject({ tokenOf: () => 100 }), quick)
  await expect(selfTest.beforeDocument(100)).rejects.toThrow(/have the same vector/)
})

test('rounding that differs from call to call is no fault', async () => {
  const selfTest = createSelfTest(createFakeSubject({ vectorOf: roundUnevenly }), quick)
  await expect(selfTest.beforeDocument(100)).resolves.toBeUndefined()
})

describe('what the test costs', () => {
  test('is nothing for a limit that leaves no room for words', async () => {
    for (const limit of [1, 2, 3, 15]) {
      const subject = createFakeSubject({ limits: [limit] })
      await createSelfTest(subject, full).beforeDocument(1)
      expect(subject.embedded).toEqual([])
    }
  })

  test('is bounded by what takes a second, but long texts have 520 tokens where the model takes them', async () => {
    const speeds = fc.double({ min: 1, max: 1e6, noNaN: true })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 64, max: 9000 }), speeds, async (limit, tokensPerSecond) => {
        const subject = createFakeSubject({ limits: [63, limit], tokensPerSecond })
        await createSelfTest(subject, quick).beforeDocument(limit)
        const lengths = subject.embedded.filter(({ urgent }) => !urgent).map(({ tokens }) => tokens)
        const longest = Math.max(...lengths)
        expect(lengths).toEqual([longest, longest, longest, longest])
        expect(longest).toBeLessThanOrEqual(limit)
        expect(longest * 4).toBeLessThanOrEqual(Math.max(tokensPerSecond, 4 * 520))
        expect(longest).toBeGreaterThanOrEqual(Math.min(limit, 520))
      }),
      { numRuns: 30 },
    )
  })

  test('is that of full length when all is asked for, whatever it takes', async () => {
    const subject = createFakeSubject({ limits: [2047], tokensPerSecond: 1 })
    await createSelfTest(subject, full).beforeDocument(100)
    expect(subject.embedded.map(({ tokens }) => tokens).slice(-4)).toEqual([2047, 2047, 2047, 2047])
  })

  test('is paid once for each range of lengths, by all who ask at the same time together', async () => {
    const subject = createFakeSubject()
    const selfTest = createSelfTest(subject, quick)
    await Promise.all([700, 64, 100, 100].map((tokens) => selfTest.beforeDocument(tokens)))
    await selfTest.beforeDocument(1023)
    expect(subject.embedded).toHaveLength(5)
    await selfTest.beforeDocument(63)
    expect(subject.embedded).toHaveLength(10)
    await selfTest.beforeDocument(1)
    expect(subject.embedded).toHaveLength(10)
  })

  test('is nothing when the test is off', async () => {
    const subject = createFakeSubject({ vectorOf: () => [] })
    const selfTest = createSelfTest(subject, { ...quick, mode: 'off' })
    await selfTest.beforeText(10)
    await selfTest.beforeDocument(100)
    expect(subject.embedded).toEqual([])
  })
})

test('a test that failed may be tried again: memory may have become free', async () => {
  let failing = true
  const vectorOf: VectorOf = (tokens) => {
    if (failing) throw new Error('out of memory')
    return sumOfTokens(tokens)
  }
  const selfTest = createSelfTest(createFakeSubject({ vectorOf }), quick)
  await expect(selfTest.beforeDocument(100)).rejects.toThrow('out of memory')
  failing = false
  await selfTest.beforeDocument(100)
})

test('texts near the limit have exactly that many tokens, and differ in nothing but their beginning or end', () => {
  const { tokenize } = createFakeSubject()
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 3000 }), (limit) => {
      const texts = nearLimitTokens(tokenize, limit)
      const { tokens = [], otherBeginning = [], otherEnd = [], changed = 0 } = texts ?? {}
      const placesOf = (other: readonly number[]): number[] =>
        other.map((token, i) => (token === tokens[i] ? -1 : i)).filter((i) => i >= 0)
      const places = Array.from({ length: changed }, (_, i) => i)
      expect([tokens.length, otherBeginning.length, otherEnd.length]).toEqual([limit, limit, limit])
      expect([tokens.at(0), tokens.at(-1)]).toEqual([1, 2])
      expect(placesOf(otherBeginning)).toEqual(places.map((i) => i + 1))
      expect(placesOf(otherEnd)).toEqual(places.map((i) => limit - 1 - changed + i))
    }),
  )
})
