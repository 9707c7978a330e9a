import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceChunks, StoreBatch, VectorStore } from '@quern/core'
import { createMemoryStore } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openLanceStore } from '../src/index.ts'
import { collect, pictureOf, pictureOfSources, sampleSources, sourceOf, space } from './sample-store.ts'

function openWriter(uri: string): Promise<VectorStore> {
  return openLanceStore({ uri, mode: 'write', space, wordIndex: 'never', durability: 'off' })
}

/** Commits all batches without waiting for any, and returns the codes of those that were refused, by their position. */
async function commitAll(store: VectorStore, batches: readonly StoreBatch[]): Promise<(string | undefined)[]> {
  const calls = await Promise.allSettled(batches.map((batch) => store.commit(batch)))
  return calls.map((call) => (call.status === 'fulfilled' ? undefined : (call.reason as { code: string }).code))
}

const ids = ['a.md', 'b.md', 'c.md'] as const
const source = fc
  .record({ id: fc.constantFrom(...ids), texts: fc.array(fc.constantFrom('one', 'two', 'three'), { maxLength: 3 }) })
  .map(({ id, texts }) => sourceOf(id, texts))
const sources = fc.uniqueArray(source, { minLength: 1, maxLength: 3, selector: ({ state }) => state.id })
const batch: fc.Arbitrary<StoreBatch> = fc.oneof(
  sources.map((put) => ({ put })),
  sources.map((put) => ({ touch: put.map(({ state }) => ({ ...state, modifiedAt: '2026-11-24T00:00:00Z' })) })),
  fc.subarray([...ids]).map((list) => ({ delete: list })),
  sources.map((put) => ({ put: put.map(({ state, chunks }) => ({ state: { ...state, chunkCount: -1 }, chunks })) })),
)

test('commits that nobody waits for end as if each had been waited for', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { minLength: 2, maxLength: 6 }), async (batches) => {
      await using folder = await temporaryFolder()
      await using reference = createMemoryStore({ space })
      const expected: (string | undefined)[] = []
      for (const one of batches) expected.push(...(await commitAll(reference, [one])))

      await using store = await openWriter(join(folder.path, 'store'))
      expect(await commitAll(store, batches)).toEqual(expected)
      expect(await pictureOf(store)).toEqual(await pictureOf(reference))
      expect(await collect(store.verify())).toEqual([])
    }),
    { numRuns: 12 },
  )
})

test('what is acknowledged is stored, and what is only prepared is not seen', async () => {
  await using folder = await temporaryFolder()
  await using store = await openWriter(join(folder.path, 'store'))
  const groups = Array.from({ length: 6 }, (_, i) => sampleSources(100 * i, 60, 5))
  const acknowledged: number[] = []
  const calls = groups.map(async (put, i) => {
    await store.commit({ put })
    acknowledged.push(i)
    return (await store.stats()).sources
  })
  const seen = await Promise.all(calls)

  expect(acknowledged).toEqual([...groups.keys()])
  for (const [i, count] of seen.entries()) expect(count).toBeGreaterThanOrEqual(60 * (i + 1))
  expect(await pictureOf(store)).toEqual(pictureOfSources(groups.flat()))
})

test('a batch of several groups is written whole, each group made while the one before it is written', async () => {
  await using folder = await temporaryFolder()
  await using store = await openWriter(join(folder.path, 'store'))
  const put = sampleSources(0, 60, 100)
  const next = [...sampleSources(100, 5), sourceOf('docs/7.md', ['another text'])]
  await Promise.all([store.commit({ put }), store.commit({ put: next })])

  const kept = put.filter(({ state }) => state.id !== 'docs/7.md')
  expect(await pictureOf(store)).toEqual(pictureOfSources([...kept, ...next]))
})

test('a prepared commit that is aborted before its turn is not stored, and the next ones are', async () => {
  await using folder = await temporaryFolder()
  await using store = await openWriter(join(folder.path, 'store'))
  const abort = new AbortController()
  const [first, second, third] = [0, 100, 200].map((from) => sampleSources(from, 20)) as [
    SourceChunks[],
    SourceChunks[],
    SourceChunks[],
  ]
  const before = store.commit({ put: first }).then(() => abort.abort(new Error('enough')))
  const aborted = store.commit({ put: second }, { signal: abort.signal })
  const after = store.commit({ put: third })

  await expect(Promise.all([before, aborted])).rejects.toThrow('enough')
  await after
  expect(await pictureOf(store)).toEqual(pictureOfSources([...first, ...third]))
})

test('when writing fails, no commit that was prepared meanwhile is acknowledged, and the store goes on once it can write', async () => {
  await using folder = await temporaryFolder()
  const uri = join(folder.path, 'store')
  await using store = await openWriter(uri)
  const first = sampleSources(0, 10)
  await store.commit({ put: first })
  const data = join(uri, 'chunks.lance', 'data')
  await rename(data, `${data}-away`)
  await writeFile(data, 'a file where a folder is needed')

  const refused = await commitAll(
    store,
    [100, 200, 300].map((from) => ({ put: sampleSources(from, 10) })),
  )
  expect(refused.every((code) => code !== undefined)).toBe(true)

  await rename(data, `${data}-file`)
  await rename(`${data}-away`, data)
  expect(await pictureOf(store)).toEqual(pictureOfSources(first))
  const later = sampleSources(200, 10)
  await store.commit({ put: later })
  expect(await pictureOf(store)).toEqual(pictureOfSources([...first, ...later]))
})
