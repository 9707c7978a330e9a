import assert from 'node:assert/strict'
import { compareStrings } from '../filter.ts'
import type { Filter } from '../filter.ts'
import { wordsOf } from '../keyword/words-of.ts'
import type { SearchHit, SourceChunks, VectorStore } from '../vector-store.ts'
import { sampleSource } from './sample-sources.ts'
import { textPart } from './store-assertions.ts'

/**
 * Words of no language: no stop list has them, no stemmer changes them, none is a form of another. The samples of the keyword cases
 * consist of these, so that stores which treat a language's words in ways of their own answer alike.
 */
export const rareWords = ['quorb', 'vlomk', 'drazk', 'blunx', 'krimf', 'wozqub', 'jaxtop', 'zumbok'] as const

/** A text of `count` words that are not among the rare ones, different for different seeds. */
export function fillerText(seed: number, count: number): string {
  return Array.from({ length: count }, (_, i) => `plomt${'bcdfghkm'[(seed + i) % 8]}ak`).join(' ')
}

/** A source with a chunk for each text; the id of each is the key of the text. */
export function wordySource(id: string, texts: Readonly<Record<string, string>>): SourceChunks {
  return sampleSource(
    id,
    Object.entries(texts).map(([key, text]) => ({ id: key, text })),
  )
}

/** The ids of the hits of a search by words, best first. */
export async function keywordIds(store: VectorStore, text: string, limit = 1000, filter?: Filter): Promise<string[]> {
  const hits = await store.search({ mode: 'keyword', text, limit, filter })
  return hits.map(({ chunk }) => chunk.id)
}

/** Asserts that each hit is a different one of these chunks, as it was stored, and that the scores fall, equal ones by ascending id. */
export function assertOrderedHits(hits: readonly SearchHit[], sources: readonly SourceChunks[], what: string): void {
  const stored = new Map(sources.flatMap(({ chunks }) => chunks.map((chunk) => [chunk.id, chunk])))
  assert.equal(new Set(hits.map(({ chunk }) => chunk.id)).size, hits.length, `${what}: a chunk is hit twice`)
  for (const [index, { score, chunk }] of hits.entries()) {
    const original = stored.get(chunk.id)
    assert.ok(original !== undefined, `${what}: hit ${index} is chunk ${chunk.id}, which is not stored`)
    assert.deepEqual(textPart(chunk), textPart(original), `${what}: hit ${index} is not as it was stored`)
    assert.ok(Number.isFinite(score), `${what}: the score of hit ${index} is ${score}`)
    const before = hits[index - 1]
    if (before === undefined) continue
    const inOrder = before.score > score || (before.score === score && compareStrings(before.chunk.id, chunk.id) < 0)
    assert.ok(inOrder, `${what}: hits ${index - 1} and ${index} stand in the wrong order (${before.score}, ${score})`)
  }
}

/** Asserts that a search by words finds exactly the chunks of these sources that have one of them. Words must be like the rare ones. */
export async function assertFindsWords(
  store: VectorStore,
  text: string,
  sources: readonly SourceChunks[],
): Promise<void> {
  const what = `search by keyword for ${JSON.stringify(text.slice(0, 80))}`
  const hits = await store.search({ mode: 'keyword', text, limit: 1000 })
  assertOrderedHits(hits, sources, what)
  const wanted = new Set(wordsOf(text))
  const matching = sources.flatMap(({ chunks }) =>
    chunks.filter(({ pageContent }) => wordsOf(pageContent).some((word) => wanted.has(word))),
  )
  assert.deepEqual(
    hits.map(({ chunk }) => chunk.id).toSorted(),
    matching.map(({ id }) => id).toSorted(),
    `${what}: other chunks are found`,
  )
}
