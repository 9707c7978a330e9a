import { checkBatch, checkBatchInSteps, isEmptyBatch, QuernError } from '@quern/core'
import type { JsonValue, SourceChunks, SourceState, StoreBatch, StoredChunk } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sourceOf, space, stateOf } from './sample-batch.ts'

const id = 'docs/a.md'
const half = 'half \ud83d'

function refusal(batch: StoreBatch): QuernError | undefined {
  try {
    checkBatch(batch, space.dimensions)
  } catch (error) {
    if (error instanceof QuernError) return error
    throw error
  }
  return undefined
}

function withState(change: Partial<SourceState>): StoreBatch {
  const { state, chunks } = sourceOf(id, 'one', 'two')
  return { put: [{ state: { ...state, ...change }, chunks }] }
}

function withChunk(change: Partial<StoredChunk>): StoreBatch {
  const { state, chunks } = sourceOf(id, 'one', 'two')
  return { put: [{ state, chunks: chunks.with(1, { ...(chunks[1] as StoredChunk), ...change }) }] }
}

function withMetadata(value: unknown): StoreBatch {
  const [, chunk] = sourceOf(id, 'one', 'two').chunks
  return withChunk({ metadata: { ...(chunk as StoredChunk).metadata, extra: value as JsonValue } })
}

test('a sound batch passes, whatever lists it has', () => {
  const batch = {
    put: [sourceOf('a', 'one', 'two', 'one again'), sourceOf('b')],
    touch: [stateOf('c', 3)],
    delete: ['d', 'e'],
  }
  expect(refusal(batch)).toBeUndefined()
  expect(refusal({})).toBeUndefined()
})

test.each<[string, StoreBatch, string]>([
  ['an empty source id', withState({ id: '' }), 'a source id is empty'],
  ['a source id that is not well-formed', withState({ id: half }), 'not well-formed'],
  ['a content hash that is none', withState({ contentHash: 'abc' }), 'content hash of docs/a.md'],
  ['a negative size', withState({ size: -1 }), 'size of docs/a.md is -1'],
  ['a size that is not whole', withState({ size: 1.5 }), 'size of docs/a.md is 1.5'],
  ['a chunk count that is no number', withState({ chunkCount: Number.NaN }), 'chunk count of docs/a.md is NaN'],
  ['a chunk count that does not match', withState({ chunkCount: 3 }), 'says 3 chunks and brings 2'],
  ['a recipe that is not well-formed', withState({ recipe: half }), 'holds a lone surrogate'],
  ['a chunk of another source', withState({ id: 'docs/b.md' }), 'says it is of docs/a.md'],
  ['an empty chunk id', withChunk({ id: '' }), 'id of a chunk of docs/a.md is empty'],
  ['a text that is not well-formed', withChunk({ pageContent: half }), 'pageContent'],
  ['a text hash of another text', withChunk({ textHash: 'abc' }), 'text hash'],
  ['an empty time of creation', withChunk({ createdAt: '' }), 'createdAt'],
  ['a NaN in metadata', withMetadata([Number.NaN]), 'is NaN'],
  ['a negative zero in metadata', withMetadata(-0), 'is -0'],
  ['a date object in metadata', withMetadata({ deep: new Date(0) }), 'is an instance of Date'],
  ['an object of no class in metadata', withMetadata(Object.create(Object.create(null) as object)), 'no plain object'],
  ['a function in metadata', withMetadata(stateOf), 'is a function'],
  ['an undefined element in metadata', withMetadata([undefined]), 'is undefined'],
  ['a key that is not well-formed in metadata', withMetadata({ [half]: 1 }), 'has a key with a lone surrogate'],
  ['a source to put twice', { put: [sourceOf('a'), sourceOf('a')] }, 'source a stands in the batch twice'],
  ['a source in two lists', { touch: [stateOf('a', 0)], delete: ['a'] }, 'source a stands in the batch twice'],
  [
    'an id to delete that is not well-formed',
    { delete: ['a', half] },
    'the id of a source to delete is not well-formed',
  ],
  ['a malformed state to touch', { touch: [stateOf('', 0)] }, 'a source id is empty'],
])('a batch with %s is refused with BATCH_INVALID', (_, batch, message) => {
  const error = refusal(batch)
  expect(error?.code).toBe('BATCH_INVALID')
  expect(error?.message).toContain(message)
  expect(error?.hint).toContain('Nothing of this batch was written')
})

test('chunks out of document order and ids that come twice are refused', () => {
  const { state, chunks } = sourceOf(id, 'one', 'two')
  expect(refusal({ put: [{ state, chunks: chunks.toReversed() }] })?.message).toContain('is number 1 and stands at 0')
  const twice = withChunk({ id: chunks[0]?.id ?? '' })
  expect(refusal(twice)?.message).toBe(`chunk id ${chunks[0]?.id} comes twice`)
})

test('a vector that is not of the space is refused with VECTOR_INVALID, by name of its chunk', () => {
  for (const vector of [
    Float32Array.of(1, 0),
    Float32Array.of(0, 0, 0),
    Float32Array.of(Number.NaN, 0, 1),
    Float32Array.of(1, 1, 0),
  ]) {
    const error = refusal(withChunk({ id: 'the chunk', vector }))
    expect(error?.code).toBe('VECTOR_INVALID')
    expect(error?.details).toEqual({ source: id, chunk: 'the chunk' })
  }
})

test('any JSON passes as metadata, and comes back from JSON as it is', () => {
  // By way of JSON, which has no negative zero.
  const json = fc.jsonValue({ stringUnit: 'grapheme' }).map((value) => JSON.parse(JSON.stringify(value)) as unknown)
  fc.assert(
    fc.property(json, (value) => {
      expect(refusal(withMetadata(value))).toBeUndefined()
      expect(JSON.parse(JSON.stringify(value))).toEqual(value)
    }),
  )
})

test('metadata that goes round in a circle is refused', () => {
  const circle: Record<string, unknown> = {}
  circle['self'] = [circle]
  expect(refusal(withMetadata(circle))?.message).toContain('nested deeper than 64 levels')
})

test('a batch is empty when it has nothing in any list', () => {
  expect(isEmptyBatch({})).toBe(true)
  expect(isEmptyBatch({ put: [], touch: [], delete: [] })).toBe(true)
  expect(isEmptyBatch({ put: [sourceOf('a')] })).toBe(false)
  expect(isEmptyBatch({ touch: [stateOf('a', 0)] })).toBe(false)
  expect(isEmptyBatch({ delete: ['a'] })).toBe(false)
})

test('a large batch is checked in steps of 500 chunks, and what is wrong with it is told in its step', () => {
  const texts = Array.from({ length: 800 }, (_, i) => `text ${i}`)
  const put = [sourceOf('a', ...texts), sourceOf('b', ...texts)]
  expect([...checkBatchInSteps({ put }, space.dimensions)]).toHaveLength(3)
  expect([...checkBatchInSteps({ put: [sourceOf('a')], delete: ['b'] }, space.dimensions)]).toHaveLength(0)

  const [first, second] = put as [SourceChunks, SourceChunks]
  const chunks = second.chunks.with(799, { ...(second.chunks[799] as StoredChunk), createdAt: '' })
  const steps = checkBatchInSteps({ put: [first, { ...second, chunks }] }, space.dimensions)
  for (let step = 0; step < 3; step++) expect(steps.next().done).toBe(false)
  expect(() => steps.next()).toThrow('createdAt of a chunk of b is empty')
})
