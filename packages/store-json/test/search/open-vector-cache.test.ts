import { setTimeout as delay } from 'node:timers/promises'
import { temporaryFolder } from '@quern/test-fixtures'
import { beforeAll, expect, test } from 'vitest'
import { openVectorCache } from '../../src/search/vector-cache/open-vector-cache.ts'
import type { VectorCache } from '../../src/search/vector-cache/open-vector-cache.ts'
import { openStore } from '../../src/open-store.ts'
import { hastyOperations } from '../watched-operations.ts'
import { cachesOf, wideSource, wideSpace, wideVector } from './wide-store.ts'

const { dimensions } = wideSpace
/** Enough for several blocks of a cache, the last of them not full. */
const texts = Array.from({ length: 300 }, (_, i) => `text ${i}`)
const written = new Float32Array(texts.length * dimensions)
const folder = await temporaryFolder()
let path = ''

async function openCache(): Promise<VectorCache> {
  const cache = await openVectorCache(path, dimensions)
  if (cache === undefined) throw new TypeError('there was to be a cache')
  return cache
}

beforeAll(async () => {
  for (const [i, text] of texts.entries()) written.set(wideVector(text), i * dimensions)
  {
    await using store = await openStore(
      { path: folder.path, mode: 'write', space: wideSpace, layout: 'segments' },
      hastyOperations,
    )
    await store.commit({ put: [wideSource('a', texts)] })
  }
  path = [...(await cachesOf(folder.path)).keys()][0] ?? ''
  return () => folder[Symbol.asyncDispose]()
})

test('vectors are read to the memory that is given for them, and the others come in memory that is used again', async () => {
  await using cache = await openCache()
  const memory = new Float32Array(written.length)
  const blocks = new Set<boolean>()
  const place = (first: number, count: number): Float32Array<ArrayBuffer> | undefined =>
    first % 128 === 0 ? memory.subarray(first * dimensions, (first + count) * dimensions) : undefined
  for await (const { firstRow, vectors, inPlace } of cache.vectors(place)) {
    blocks.add(inPlace)
    expect(vectors.buffer === memory.buffer).toBe(inPlace)
    if (!inPlace) memory.set(vectors, firstRow * dimensions)
  }
  expect([...blocks]).toEqual([true, false])
  expect(memory).toEqual(written)
})

/** Reads two blocks to memory of its own and stops. Returns a number of the fourth block, which has just been asked for: as it is now, and later. */
async function stopEarly(): Promise<() => (number | undefined)[]> {
  await using cache = await openCache()
  const memory = new Float32Array(written.length)
  const place = (first: number, count: number): Float32Array<ArrayBuffer> =>
    memory.subarray(first * dimensions, (first + count) * dimensions)
  let blocks = 0
  for await (const _ of cache.vectors(place)) if (++blocks === 2) break
  const at = 256 * dimensions - 1
  const now = memory[at]
  return () => [now, memory[at]]
}

test('when the reading is stopped early, nothing is written to the memory that was given any more', async () => {
  const stopped: Awaited<ReturnType<typeof stopEarly>>[] = []
  for (let time = 0; time < 20; time++) stopped.push(await stopEarly())
  await delay(100)
  for (const look of stopped) {
    const [then, now] = look()
    expect(now).toBe(then)
  }
})
