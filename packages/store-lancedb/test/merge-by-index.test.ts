import { join } from 'node:path'
import type { VectorStore } from '@quern/core'
import { createMemoryStore } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { mergesByIndex } from '../src/commit/merge-by-index.ts'
import { loadDriver } from '../src/driver/lance-driver.ts'
import { locateStore } from '../src/driver/store-place.ts'
import { openLanceStore } from '../src/index.ts'
import { collect, pictureOf, sampleSources, space } from './sample-store.ts'

function openWriter(uri: string): Promise<VectorStore> {
  return openLanceStore({ uri, mode: 'write', space, durability: 'off', wordIndex: 'never' })
}

/** What a writer would do next to the store at an address. */
async function wouldUseIndex(uri: string): Promise<boolean> {
  const { lance } = await loadDriver()
  const connection = await lance.connect(uri)
  const [chunks, meta] = [await connection.openTable('chunks'), await connection.openTable('meta')]
  try {
    return await mergesByIndex({ place: locateStore({ uri }), tables: { connection, chunks, meta } })
  } finally {
    chunks.close()
    meta.close()
    connection.close()
  }
}

test('merges leave the index of ids aside while it lacks many rows, and end in the same store', async () => {
  await using folder = await temporaryFolder()
  const uri = join(folder.path, 'store')
  await using reference = createMemoryStore({ space })
  const first = sampleSources(0, 500, 12)
  await reference.commit({ put: first })
  {
    await using store = await openWriter(uri)
    await store.commit({ put: first })
  }
  expect(await wouldUseIndex(uri)).toBe(true)

  await using store = await openWriter(uri)
  // Fewer chunks than before, more than before, others and the same again: removed rows, new ones and old ones.
  const batches = [
    { put: sampleSources(0, 5, 4) },
    { put: sampleSources(100, 40, 8) },
    { put: sampleSources(120, 40, 14), delete: ['docs/1.md'] },
    { put: sampleSources(0, 10, 12), touch: sampleSources(200, 5, 12).map(({ state }) => state) },
  ]
  const used: boolean[] = []
  for (const batch of batches) {
    await store.commit(batch)
    await reference.commit(batch)
    used.push(await wouldUseIndex(uri))
  }
  expect(used).toEqual([true, false, false, false])
  expect(await pictureOf(store)).toEqual(await pictureOf(reference))
  expect(await collect(store.verify())).toEqual([])
  await store.maintain()
  expect(await wouldUseIndex(uri)).toBe(true)
  expect(await pictureOf(store)).toEqual(await pictureOf(reference))
})
