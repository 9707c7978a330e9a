import { expect, test } from 'vitest'
import { createBatchLimit } from '../src/batch-limit.ts'
import type { BatchLimit } from '../src/batch-limit.ts'

const empty = { sources: 1, chunks: 0, characters: 0 }

/** Chunks that fill a batch. */
function chunksIn(limit: BatchLimit): number {
  const isFull = limit.begin()
  let chunks = 0
  while (!isFull({ ...empty, chunks })) chunks++
  return chunks
}

test('batches grow to what takes the wanted time, at most fourfold at once: one is prepared while the one before is embedded', () => {
  const limit = createBatchLimit({ batchSeconds: 10 })
  const sizes = [chunksIn(limit)]
  for (let i = 0; i < 4; i++) {
    limit.learn(100, 1)
    sizes.push(chunksIn(limit))
  }
  expect(sizes).toEqual([64, 256, 1000, 1000, 1000])
})

test('batches shrink at once when the embedder becomes slow, down to one chunk', () => {
  const limit = createBatchLimit({ batchSeconds: 10 })
  limit.learn(64, 80)
  expect(chunksIn(limit)).toBe(8)
  limit.learn(8, 1000)
  expect(chunksIn(limit)).toBe(1)
})

test('an embedder that answers at once gets batches that memory bounds', () => {
  const limit = createBatchLimit({})
  for (let i = 0; i < 10; i++) limit.learn(64, 1e-6)
  expect(chunksIn(limit)).toBe(2048)
})

test('a batch that was begun keeps its limit', () => {
  const limit = createBatchLimit({})
  const isFull = limit.begin()
  limit.learn(64, 0.1)
  expect(isFull({ ...empty, chunks: 64 })).toBe(true)
  expect(limit.begin()({ ...empty, chunks: 64 })).toBe(false)
})

test('a given size stays, and a batch without anything to embed teaches nothing', () => {
  const given = createBatchLimit({ batchChunks: 5 })
  given.learn(5, 0.001)
  expect(chunksIn(given)).toBe(5)
  const measured = createBatchLimit({})
  measured.learn(0, 1)
  expect(chunksIn(measured)).toBe(64)
})

test('a batch is full of characters, and of sources without a text, too', () => {
  const isFull = createBatchLimit({}).begin()
  expect(isFull({ ...empty, characters: 8 * 1024 * 1024 - 1 })).toBe(false)
  expect(isFull({ ...empty, characters: 8 * 1024 * 1024 })).toBe(true)
  expect(isFull({ ...empty, sources: 999 })).toBe(false)
  expect(isFull({ ...empty, sources: 1000 })).toBe(true)
})
