import { createMemoryStore, compareScored } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWordIndex } from '../../../src/search/keyword/word-index.ts'
import { createPace } from '../../../src/search/pace.ts'
import { sourceOf, space } from '../../sample-store.ts'

function nothing(): void {}

const pace = createPace(nothing)
const word = fc.constantFrom('rye', 'Oats', 'straße', '麦', '__proto__', 'constructor', 'mill'.repeat(60), 'a-b')
const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(' '))
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ add: text }) },
  { weight: 3, arbitrary: fc.record({ remove: fc.nat() }) },
  { weight: 1, arbitrary: fc.constant('compact' as const) },
)

/** What the memory store finds in texts, by their place in the list, scores and ties included. */
async function reference(texts: readonly string[], query: string): Promise<{ id: string; score: number }[]> {
  await using store = createMemoryStore({ space })
  await store.commit({ put: texts.map((content, index) => sourceOf(String(index), [content])) })
  const hits = await store.search({ mode: 'keyword', text: query, limit: 1e6 })
  return hits.map(({ chunk, score }) => ({ id: chunk.metadata.source, score })).toSorted(compareScored)
}

test('scores equal those of the reference to the last bit, whatever was added, removed and compacted before', async () => {
  const query = 'oats RYE 麦 constructor missing a'
  const words = new Set(['oats', 'rye', '麦', 'constructor', 'missing', 'a'])
  const property = fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
    let index = createWordIndex()
    let row = 0
    const removedAfter: number[] = []
    // Those in the index, in the order of their numbers.
    let live: { number: number; row: number; text: string }[] = []
    for (const change of steps) {
      if (change === 'compact') {
        index = await index.compacted(pace)
        live = live.map((entry, number) => ({ ...entry, number }))
        removedAfter.push(index.removedTexts)
      } else if ('add' in change) {
        live.push({ number: index.add(row, change.add), row, text: change.add })
        row++
      } else if (live.length > 0) {
        const [gone] = live.splice(change.remove % live.length, 1)
        index.remove(gone?.number ?? 0)
        index.remove(gone?.number ?? 0)
      }
    }
    expect(removedAfter.filter((removed) => removed !== 0)).toEqual([])
    expect(index.liveTexts).toBe(live.length)
    const scores = await index.scores(words, row, pace)
    const found = live.flatMap((entry, place) => {
      const score = scores[entry.row] ?? 0
      return score > 0 ? [{ id: String(place), score }] : []
    })
    const expected = await reference(
      live.map((entry) => entry.text),
      query,
    )
    expect(found.toSorted(compareScored)).toEqual(expected)
    expect(scores.filter((score) => score > 0)).toHaveLength(found.length)
  })
  await fc.assert(property, { numRuns: 150 })
})
