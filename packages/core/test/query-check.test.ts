import { checkQuery } from '@quern/core'
import type { SearchMode, SearchQuery } from '@quern/core'
import { expect, test } from 'vitest'

const vector = Float32Array.of(0, 1, 0)
const all: readonly SearchMode[] = ['hybrid', 'vector', 'keyword']

function check(query: SearchQuery, searchModes = all): () => void {
  return () => checkQuery(query, 3, searchModes)
}

test.each<SearchQuery>([
  { mode: 'vector', vector, limit: 10 },
  { mode: 'vector', vector, limit: 0, text: '' },
  { mode: 'keyword', text: 'mill', limit: 1 },
  { mode: 'keyword', text: 'mill', limit: 1, vector: Float32Array.of(7) },
  { mode: 'hybrid', text: 'mill', vector, limit: Number.MAX_SAFE_INTEGER },
])('a sound query passes: $mode', (query) => {
  expect(check(query)).not.toThrow()
})

test.each<[string, SearchQuery, string]>([
  ['a negative limit', { mode: 'vector', vector, limit: -1 }, 'not -1'],
  ['a limit that is not whole', { mode: 'vector', vector, limit: 1.5 }, 'not 1.5'],
  ['a limit without end', { mode: 'vector', vector, limit: Number.POSITIVE_INFINITY }, 'not Infinity'],
  ['no vector', { mode: 'vector', limit: 1 }, 'there is none'],
  ['no vector beside the words', { mode: 'hybrid', text: 'mill', limit: 1 }, 'there is none'],
  ['a vector of another space', { mode: 'vector', vector: Float32Array.of(1), limit: 1 }, '1 numbers instead of 3'],
  ['a vector of zeros', { mode: 'vector', vector: new Float32Array(3), limit: 1 }, 'zero'],
  ['no words', { mode: 'keyword', limit: 1 }, 'keyword needs the query'],
  ['blank words', { mode: 'hybrid', vector, text: ' \n', limit: 1 }, 'hybrid needs the query'],
  ['half a character', { mode: 'keyword', text: 'mill \ud83d', limit: 1 }, 'lone surrogate'],
])('a query with %s is refused with QUERY_INVALID', (_, query, message) => {
  const expected = { code: 'QUERY_INVALID', message: expect.stringContaining(message) }
  expect(check(query)).toThrow(expect.objectContaining(expected))
})

test('a mode that the store does not have is refused with the modes that it has', () => {
  const expected = {
    code: 'SEARCH_MODE_UNSUPPORTED',
    hint: 'It answers: vector, keyword.',
    details: { mode: 'hybrid' },
  }
  expect(check({ mode: 'hybrid', limit: -1 }, ['vector', 'keyword'])).toThrow(expect.objectContaining(expected))
})
