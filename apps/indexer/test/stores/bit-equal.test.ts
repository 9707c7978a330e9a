import { join } from 'node:path'
import { createMemoryStore } from '@quern/core'
import type { VectorStore } from '@quern/core'
import { copyStore } from '@quern/pipeline'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import type { StoreConfig } from '../../src/config/resolved-config.ts'
import { openStoreAt } from '../../src/stages/open-store.ts'
import { contentsOf, hostileSources, space } from './hostile-sources.ts'

const jsonSettings = [
  {},
  { layout: 'single' },
  { layout: 'segments', encoding: 'decimal' },
  { layout: 'segments', encoding: 'base64', compression: 'gzip' },
  { layout: 'segments', encoding: 'decimal', compression: 'zstd' },
] as const

async function memoryStore(): Promise<VectorStore> {
  const store = createMemoryStore({ space })
  await store.commit({ put: hostileSources() })
  return store
}

/** Copies into a new store of this kind, closes it, and copies that into memory. */
async function thereAndBack(from: VectorStore, store: StoreConfig): Promise<VectorStore> {
  await using written = await openStoreAt(store, { mode: 'write', space })
  await copyStore({ from, to: written, batchSize: { sources: 5 } })
  await written.close()
  await using read = await openStoreAt(store, { mode: 'read', space })
  const back = createMemoryStore({ space })
  await copyStore({ from: read, to: back, batchSize: { bytes: 1 } })
  return back
}

test.for(jsonSettings)('a copy to a JSON store with %j and back is the same, bit for bit', async (settings) => {
  await using temporary = await temporaryFolder()
  const from = await memoryStore()
  const back = await thereAndBack(from, { type: 'json', path: join(temporary.path, 'store'), settings })
  expect(await contentsOf(back)).toEqual(await contentsOf(from))
})

test('a copy to a LanceDB store and back is the same, bit for bit, by way of a JSON store too', async () => {
  await using temporary = await temporaryFolder()
  const from = await memoryStore()
  const settings = { filterable: { title: 'string', page: 'number' } } as const
  const lance: StoreConfig = { type: 'lancedb', path: join(temporary.path, 'lance'), settings }
  const back = await thereAndBack(from, lance)
  expect(await contentsOf(back)).toEqual(await contentsOf(from))

  const json: StoreConfig = { type: 'json', path: join(temporary.path, 'json'), settings: {} }
  await using written = await openStoreAt(json, { mode: 'write', space })
  await using read = await openStoreAt(lance, { mode: 'read' })
  expect(await copyStore({ from: read, to: written })).toMatchObject({ changedMeanwhile: false })
  expect(await contentsOf(written)).toEqual(await contentsOf(from))
})
