import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describeEmbedder } from '@quern/core/testing'
import { createFakeEmbedder, temporaryFolder, tinyModelPath } from '@quern/test-fixtures'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openLlamaEmbedder, openVectorCache, withVectorCache } from '../../src/index.ts'
import type { VectorCache, VectorCacheOptions } from '../../src/index.ts'

async function newPath(): Promise<string> {
  const folder = await temporaryFolder()
  onTestFinished(() => folder[Symbol.asyncDispose]())
  return join(folder.path, 'sub', 'vectors.sqlite')
}

async function openCache(options: Partial<VectorCacheOptions> = {}): Promise<VectorCache> {
  const cache = await openVectorCache({ path: await newPath(), ...options })
  onTestFinished(() => cache.close())
  return cache
}

describeEmbedder(
  {
    name: 'tiny model behind an empty cache',
    traits: { tokenCounts: true },
    lookAhead: 1024,
    tokenCounts: [{ text: 'the', tokens: 3 }],
    open: async () =>
      withVectorCache(
        await openLlamaEmbedder({ modelPath: await tinyModelPath(), concurrency: 2 }),
        await openVectorCache({ path: ':memory:' }),
      ),
  },
  { describe, test },
)

test('only texts that are not in the cache are embedded, in the order of the input', async () => {
  const path = await newPath()
  const plain = createFakeEmbedder()
  const embed = async (texts: readonly string[]) => {
    const inner = createFakeEmbedder()
    await using embedder = withVectorCache(inner, await openVectorCache({ path }))
    const vectors = await Array.fromAsync(embedder.embedDocuments(texts))
    expect(vectors).toEqual(await Array.fromAsync(plain.embedDocuments(texts)))
    return { embedded: inner.embedded, loads: inner.loads }
  }
  expect(await embed(['a', 'b', 'c'])).toEqual({ embedded: ['a', 'b', 'c'], loads: 1 })
  expect(await embed(['x', 'b', 'y', 'a', 'c', 'z'])).toEqual({ embedded: ['x', 'y', 'z'], loads: 1 })
  expect(await embed(['z', 'a'])).toEqual({ embedded: [], loads: 0 })
})

test('another model finds nothing', async () => {
  const cache = await openCache()
  cache.put('one', 'text', new Float32Array([1]))
  expect(cache.get('two', 'text')).toBeUndefined()
  expect(cache.get('one', 'text2')).toBeUndefined()
  expect(cache.get('one', 'text')).toEqual(new Float32Array([1]))
})

test('whatever is there already, the vectors are those of the embedder', async () => {
  const cache = await openCache()
  const plain = createFakeEmbedder()
  const texts = fc.array(
    fc.string({ minLength: 1, maxLength: 5 }).filter((text) => text.trim() !== ''),
    { maxLength: 30 },
  )
  await fc.assert(
    fc.asyncProperty(texts, async (input) => {
      const embedder = withVectorCache(createFakeEmbedder(), cache)
      const vectors = await Array.fromAsync(embedder.embedDocuments(input))
      expect(vectors).toEqual(await Array.fromAsync(plain.embedDocuments(input)))
    }),
    { numRuns: 50 },
  )
})

test('a text that is refused is named by its place in the input, after the vectors before it', async () => {
  const cache = await openCache()
  await Array.fromAsync(withVectorCache(createFakeEmbedder(), cache).embedDocuments(['a', 'b']))
  const embedder = withVectorCache(createFakeEmbedder(), cache)
  const seen: Float32Array[] = []
  const read = async (): Promise<void> => {
    for await (const vector of embedder.embedDocuments(['a', 'b', 'c', ' ', 'd'])) seen.push(vector)
  }
  await expect(read()).rejects.toMatchObject({
    code: 'TEXT_EMPTY',
    details: { index: 3 },
    message: expect.stringContaining('text 3'),
  })
  expect(seen).toHaveLength(3)
})

test('a full cache lets go of what was used longest ago', async () => {
  const path = await newPath()
  const cache = await openVectorCache({ path, maxBytes: 100_000 })
  for (let index = 0; index < 3000; index++) cache.put('model', `text ${index}`, new Float32Array(64))
  await cache.close()
  const after = await openVectorCache({ path })
  const { vectors, bytes } = after.stats()
  expect(bytes).toBeLessThanOrEqual(100_000)
  expect(vectors).toBeGreaterThan(100)
  await after.close()
})

test('a damaged cache is begun anew', async () => {
  const path = await newPath()
  await (await openVectorCache({ path })).close()
  await writeFile(path, 'no database at all, but a text that is long enough to be looked at'.repeat(100))
  const cache = await openVectorCache({ path })
  expect(cache.stats()).toEqual({ vectors: 0, bytes: 0 })
  await cache.close()
})

test('a bad size and a path that cannot be written are refused', async () => {
  await expect(openVectorCache({ path: await newPath(), maxBytes: 0 })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
  })
  await expect(openVectorCache({ path: '/dev/null/cache' })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})
