import { createFakeEmbedder, describeEmbedder, describeVectorStore } from '@quern/core/testing'
import { embedderCases, runEmbedderCases, runVectorStoreCases, vectorStoreCases } from '@quern/core/testing'
import type { EmbedderHarness, TestFramework } from '@quern/core/testing'
import { expect, test } from 'vitest'
import { changedMemoryHarness } from './changed-store.ts'
import { onlyCase } from './only-case.ts'

const harness: EmbedderHarness = {
  name: 'fake',
  traits: { tokenCounts: false },
  lookAhead: 1,
  open: async () => createFakeEmbedder(),
}
const skippedName = 'gives nothing for no texts'
const tokenCase = 'counts the tokens that the model sees, special tokens and document prefix included'

interface Registered {
  readonly titles: string[]
  readonly skipped: string[]
  readonly framework: TestFramework
}

/** A test framework that writes down what it is given. */
function recordingFramework(): Registered {
  const titles: string[] = []
  const skipped: string[] = []
  const describe = (name: string, body: () => void): void => {
    titles.push(name)
    body()
  }
  const register = (name: string): void => void titles.push(name)
  const skip = (name: string): void => void skipped.push(name)
  return { titles, skipped, framework: { describe, test: Object.assign(register, { skip }) } }
}

test.each([
  ['store', vectorStoreCases],
  ['embedder', embedderCases],
])('each case of the %s suite has a name of its own and the clause that it tests', (_, cases) => {
  const names = cases.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(cases.filter(({ clause }) => clause.trim() === '')).toEqual([])
})

test('a case whose trait the implementation lacks does not apply, and says so', async () => {
  const results = await runEmbedderCases(harness)
  expect(results.find(({ name }) => name === tokenCase)).toMatchObject({
    outcome: 'inapplicable',
    reason: 'fake lacks the trait tokenCounts',
  })
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['passed', 'inapplicable']))
})

test('a case that needs several traits does not apply when one of them is lacking', async () => {
  const name = 'lets readers search by words'
  const memory = changedMemoryHarness('memory')
  for (const traits of [
    { readers: true, keywords: false },
    { readers: false, keywords: true },
  ]) {
    const lacked = traits.readers ? 'keywords' : 'readers'
    const results = await runVectorStoreCases(
      onlyCase({ ...memory, traits: { ...memory.traits, ...traits } }, vectorStoreCases, name),
    )
    expect(results.find((result) => result.name === name)).toMatchObject({
      outcome: 'inapplicable',
      reason: `memory lacks the trait ${lacked}`,
    })
  }
})

test('a skipped case is a result with its reason', async () => {
  const results = await runEmbedderCases({ ...harness, skips: { [skippedName]: 'slow here' } })
  expect(results.find(({ name }) => name === skippedName)).toMatchObject({ outcome: 'skipped', reason: 'slow here' })
})

test.each([
  ['a case that does not exist', { 'no such case': 'a reason' }, '"no such case"'],
  ['a case without a reason', { [skippedName]: ' ' }, 'without a reason'],
])('skipping %s is an error', async (_, skips, message) => {
  const expected = expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(message) })
  await expect(runEmbedderCases({ ...harness, skips })).rejects.toEqual(expected)
  expect(() => describeEmbedder({ ...harness, skips }, recordingFramework().framework)).toThrow(message)
  const store = { ...changedMemoryHarness('memory'), skips: { 'no such case': 'a reason' } }
  await expect(runVectorStoreCases(store)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})

test('the suite of stores has at least 130 cases beside those that run again with the store opened again', () => {
  const again = vectorStoreCases.filter(({ name }) => name.endsWith(', after opening again'))
  expect(vectorStoreCases.length - again.length).toBeGreaterThanOrEqual(130)
})

test('each case that applies becomes a test under the name of the implementation, a skipped one with its reason', () => {
  const { titles, skipped, framework } = recordingFramework()
  describeEmbedder({ ...harness, skips: { [skippedName]: 'slow here' } }, framework)
  const names = embedderCases.map(({ name }) => name)
  expect(titles).toEqual(['fake', ...names.filter((name) => name !== skippedName && name !== tokenCase)])
  expect(skipped).toEqual([`${skippedName} (skipped: slow here)`])
})

test('cases about contents run a second time with the store opened again, where the store is durable', () => {
  const { titles, framework } = recordingFramework()
  const memory = changedMemoryHarness('memory')
  describeVectorStore({ ...memory, traits: { ...memory.traits, durable: true } }, framework)
  const again = titles.filter((title) => title.endsWith(', after opening again'))
  expect(again.length).toBeGreaterThan(80)
  for (const title of again) expect(titles).toContain(title.slice(0, -', after opening again'.length))
})
