import { fuseRankings, rankChunks } from '@quern/core'
import type { SearchMode } from '@quern/core'
import { expect, test } from 'vitest'
import { sourceOf } from './sample-batch.ts'

const { chunks } = sourceOf('a', 'bread and flour', 'the mill', 'flour', 'ships at sea')
const vector = Float32Array.of(0, 1, 0)

function idsOf(mode: SearchMode, text: string): string[] {
  return rankChunks(chunks, { mode, text, vector, limit: 1 }).map(({ id }) => id)
}

function contentsOf(ids: readonly string[]): string[] {
  return ids.map((id) => chunks.find((chunk) => chunk.id === id)?.pageContent ?? '')
}

test('ranks all chunks by vector, those with a word of the query by words, whatever the limit', () => {
  expect(idsOf('vector', 'flour')).toHaveLength(4)
  expect(contentsOf(idsOf('keyword', 'FLOUR'))).toEqual(['flour', 'bread and flour'])
})

test('ranks by both with reciprocal rank fusion', () => {
  const rankings = [idsOf('vector', 'flour'), idsOf('keyword', 'flour')]
  expect(rankChunks(chunks, { mode: 'hybrid', text: 'flour', vector, limit: 1 })).toEqual(fuseRankings(rankings))
  expect(idsOf('hybrid', '"*"')).toEqual(idsOf('vector', '"*"'))
})

test('the filter leaves chunks out without changing what the others score by words', () => {
  const filter = { field: 'chunk', op: 'gt', value: 0 } as const
  const all = rankChunks(chunks, { mode: 'keyword', text: 'flour', limit: 1 })
  expect(rankChunks(chunks, { mode: 'keyword', text: 'flour', limit: 1, filter })).toEqual(all.slice(0, 1))
})
