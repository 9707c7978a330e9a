import type { Filter, SourceChunks, VectorStore } from '@quern/core'
import { compareScored, cosineSimilarity, matchesFilter } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { openLanceStore } from '../src/index.ts'
import { loadDriver } from '../src/driver/lance-driver.ts'
import { sourceOf, spaceOf, vectorOf } from './sample-store.ts'

const chunksEach = 60
const sourceCount = 50

function sourcesOf(dimensions: number): SourceChunks[] {
  return Array.from({ length: sourceCount }, (_, i) => {
    const texts = Array.from({ length: chunksEach }, (__, chunk) => `text ${chunk} of ${i}`)
    return sourceOf(`docs/${i}.md`, texts, {
      dimensions,
      metadata: (chunk) => ({ rare: (i * chunksEach + chunk) % 97 }),
    })
  })
}

/** The ids of the chunks nearest to a vector, by comparing with every one. */
function nearest(sources: readonly SourceChunks[], vector: Float32Array, limit: number, filter?: Filter): string[] {
  return sources
    .flatMap(({ chunks }) => chunks)
    .filter((chunk) => filter === undefined || matchesFilter(chunk.metadata, filter))
    .map((chunk) => ({ id: chunk.id, score: cosineSimilarity(vector, chunk.vector) }))
    .toSorted(compareScored)
    .slice(0, limit)
    .map(({ id }) => id)
}

async function found(store: VectorStore, vector: Float32Array, limit: number, filter?: Filter): Promise<string[]> {
  const hits = await store.search({ mode: 'vector', vector, limit, filter })
  return hits.map(({ chunk }) => chunk.id)
}

async function indexesOf(uri: string): Promise<Record<string, string>> {
  const { lance } = await loadDriver()
  const connection = await lance.connect(uri)
  const table = await connection.openTable('chunks')
  return Object.fromEntries((await table.listIndices()).map(({ columns, indexType }) => [columns[0], indexType]))
}

describe.each([
  [128, 'IvfRq'],
  [12, 'IvfHnswSq'],
])('with %i dimensions', (dimensions, indexType) => {
  const space = spaceOf(dimensions)
  const queries = Array.from({ length: 20 }, (_, i) => vectorOf(`query ${i}`, dimensions))

  test('vectors are indexed from the threshold on, and the answers stay right', async () => {
    await using folder = await temporaryFolder()
    const options = { uri: folder.path, mode: 'write', space, wordIndex: 'never', indexThreshold: 2000 } as const
    const sources = sourcesOf(dimensions)
    {
      await using store = await openLanceStore(options)
      await store.commit({ put: sources.slice(0, 20) })
    }
    expect(await indexesOf(folder.path)).not.toHaveProperty('vector')
    {
      await using store = await openLanceStore(options)
      await store.commit({ put: sources.slice(20) })
    }
    expect(await indexesOf(folder.path)).toMatchObject({ vector: indexType })
    await using store = await openLanceStore(options)
    let right = 0
    for (const query of queries) {
      const exact = new Set(nearest(sources, query, 10))
      const ids = await found(store, query, 10)
      expect(new Set(ids).size).toBe(10)
      right += ids.filter((id) => exact.has(id)).length
    }
    expect(right / (10 * queries.length)).toBeGreaterThan(0.9)
    const [query = new Float32Array()] = queries
    for (const limit of [1, 100, 2999, 3000, 5000]) {
      expect((await found(store, query, limit)).length).toBe(Math.min(limit, sourceCount * chunksEach))
    }
  })

  test('with an index, too, a filter gives all chunks that satisfy it', async () => {
    await using folder = await temporaryFolder()
    await using store = await openLanceStore({
      uri: folder.path,
      mode: 'write',
      space,
      indexThreshold: 1000,
      wordIndex: 'never',
    })
    const sources = sourcesOf(dimensions)
    await store.commit({ put: sources })
    await store.maintain()
    expect(await indexesOf(folder.path)).toMatchObject({ vector: indexType })
    const filters: readonly Filter[] = [
      { field: 'source', op: 'eq', value: 'docs/7.md' },
      { field: 'rare', op: 'eq', value: 13 },
      {
        and: [
          { field: 'source', op: 'prefix', value: 'docs/1' },
          { field: 'rare', op: 'lt', value: 5 },
        ],
      },
      { field: 'chunk', op: 'eq', value: 59 },
    ]
    for (const filter of filters) {
      for (const query of queries.slice(0, 5)) {
        const matching = nearest(sources, query, 10_000, filter)
        expect(await found(store, query, 1000, filter)).toEqual(matching)
        expect((await found(store, query, 5, filter)).length).toBe(Math.min(5, matching.length))
      }
    }
  })

  test('what is committed after the index was built is found at once, and what is replaced no longer', async () => {
    await using folder = await temporaryFolder()
    await using store = await openLanceStore({
      uri: folder.path,
      mode: 'write',
      space,
      indexThreshold: 1000,
      wordIndex: 'never',
    })
    await store.commit({ put: sourcesOf(dimensions) })
    await store.maintain()
    for (let round = 0; round < 3; round++) {
      const text = `new text ${round}`
      const replacement = sourceOf('docs/3.md', [text, 'another'], { dimensions })
      await store.commit({ put: [replacement], delete: [`docs/${10 + round}.md`] })
      const query = vectorOf(text, dimensions)
      expect((await found(store, query, 1))[0]).toBe(replacement.chunks[0]?.id)
      const filter: Filter = { field: 'source', op: 'in', value: ['docs/3.md', `docs/${10 + round}.md`] }
      expect((await found(store, query, 1000, filter)).length).toBe(2)
    }
  })
})
