import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createChunker } from '../src/index.ts'
import { documentOf } from './collect-chunks.ts'
import { countCharacters, countWords, type TokenCounter } from './token-counters.ts'

const million = 1_000_000
const units: readonly (readonly [string, string])[] = [
  ['spaces', ' '],
  ['newlines', '\n'],
  ['one word', 'w'],
  ['CJK', '漢'],
  ['emoji', '😀'],
  ['families', '👨‍👩‍👧‍👦'],
  ['flags', '🇩🇪'],
  ['accents', '\u0301'],
  ['backticks', '`'],
  ['fences', '```\n'],
  ['table rows', '| a | b |\n'],
  ['# lines', '#\n'],
  ['headings', '# a\n## b\n'],
  ['brackets', '['],
  ['full stops', '. '],
  ['words on one line', 'a b '],
  ['short paragraphs', 'a\n\n'],
  ['rules of tables', '|-|-|\n'],
  ['items of lists', '- a\n  - b\n'],
]

function textOf(unit: string): string {
  return `a ${unit.repeat(Math.ceil(million / unit.length))} z`
}

interface Effort {
  readonly calls: number
  readonly counted: number
  readonly chunks: number
}

/** How often the tokenizer is called, and for how many characters in all. */
async function effortOf(text: string, countTokens: TokenCounter): Promise<Effort> {
  let [calls, counted, chunks] = [0, 0, 0]
  const count = (asked: string): number => {
    calls++
    counted += asked.length
    return countTokens(asked)
  }
  const chunker = createChunker({ maxTokens: 256, countTokens: count })
  for await (const chunk of chunker.split(documentOf(text))) chunks = chunk.metadata.chunk + 1
  return { calls, counted, chunks }
}

/** Awaits some work; how many turns the event loop made meanwhile. */
async function watch(work: Promise<Effort>): Promise<{ turns: number; effort: Effort }> {
  const state = { turns: 0, isDone: false }
  const turn = async (): Promise<void> => {
    while (!state.isDone) {
      await setImmediate()
      state.turns++
    }
  }
  const turning = turn()
  const effort = await work
  state.isDone = true
  await turning
  return { turns: state.turns, effort }
}

describe.each(units)('a million characters: %s', (name, unit) => {
  test.each([
    ['characters', countCharacters],
    ['words', countWords],
  ])('few tokens are counted and other work gets its turn, counted in %s', async (_counter, count) => {
    const text = textOf(unit)
    const { turns, effort } = await watch(effortOf(text, count))
    expect(effort.chunks).toBeLessThanOrEqual((2 * text.length) / 128 + 2)
    expect(effort.calls).toBeLessThanOrEqual(4 * effort.chunks + 10)
    expect(effort.counted).toBeLessThanOrEqual(16 * text.length + 10_000)
    // A million spaces are skipped in a few milliseconds.
    expect(turns).toBeGreaterThanOrEqual(name === 'spaces' ? 1 : 10)
  })
})

test('400,000 short paragraphs do not overflow the stack', async () => {
  const { chunks } = await effortOf('A short one.\n\n'.repeat(400_000), countWords)
  expect(chunks).toBeGreaterThan(1000)
})

test('400,000 headings do not overflow the stack', async () => {
  const { chunks } = await effortOf('# A\n'.repeat(400_000), countWords)
  expect(chunks).toBeGreaterThan(1000)
})

test('a document of which only the first chunks are taken is not split to its end', async () => {
  let calls = 0
  const countTokens = (text: string): number => {
    calls++
    return text.length
  }
  for await (const chunk of createChunker({ maxTokens: 256, countTokens }).split(documentOf('word '.repeat(200_000)))) {
    expect(chunk.metadata.chunk).toBe(0)
    break
  }
  expect(calls).toBeLessThan(20)
})
