import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createMemoryStore, systemErrorCode } from '@quern/core'
import { mountSmallDisk } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import type { JsonStoreOptions } from '../../src/index.ts'
import { openJsonStore, repairJsonStore } from '../../src/index.ts'
import { collect, pictureOf, sampleSources, space } from '../sample-store.ts'

const mebibytes = 4

/** Whether a disk can be mounted, and if not, why: then the tests are skipped and their titles say so. */
const trial = await mountSmallDisk(1)
const reason = 'reason' in trial ? trial.reason : undefined
if (!('reason' in trial)) await trial[Symbol.asyncDispose]()
const note = reason === undefined ? '' : ` (skipped: ${reason})`

/** Fills a disk up to `left` bytes. */
async function fill(path: string, left: number): Promise<void> {
  await writeFile(join(path, 'filler'), Buffer.alloc(mebibytes * 2 ** 20 - left))
}

test.skipIf(reason !== undefined).each<[string, Partial<JsonStoreOptions>]>([
  ['a store of segments', { layout: 'segments' }],
  ['a store of compressed segments', { layout: 'segments', compression: 'gzip' }],
  ['a single file', { layout: 'single' }],
  ['a store that is to grow', { layout: 'auto', singleFileChunks: 20 }],
])(`a commit to %s on a full disk says so, and what was committed before is safe${note}`, async (_, options) => {
  const disk = await mountSmallDisk(mebibytes)
  await using mounted = disk as Exclude<typeof disk, { reason: string }>
  const path = join(mounted.path, 'store')
  const reference = createMemoryStore({ space })
  await using store = await openJsonStore({ path, mode: 'write', space, ...options })
  const small = { put: sampleSources(0, 8) }
  await Promise.all([store.commit(small), reference.commit(small)])
  await fill(mounted.path, 200_000)
  const large = { put: sampleSources(8, 400) }
  const outcome: unknown = await store.commit(large).catch((error: unknown) => error)
  expect(outcome).toMatchObject({ code: 'STORE_WRITE_FAILED' })
  expect(systemErrorCode((outcome as Error).cause)).toBe('ENOSPC')
  expect(await pictureOf(store)).toEqual(await pictureOf(reference))
  {
    await using reader = await openJsonStore({ path, mode: 'read' })
    expect(await pictureOf(reader)).toEqual(await pictureOf(reference))
    expect(await collect(reader.verify())).toEqual([])
  }
  await writeFile(join(mounted.path, 'filler'), '')
  await Promise.all([store.commit(large), reference.commit(large)])
  expect(await pictureOf(store)).toEqual(await pictureOf(reference))
})

test.skipIf(reason !== undefined)(`a repair on a full disk says so, and can be begun again${note}`, async () => {
  const disk = await mountSmallDisk(mebibytes)
  await using mounted = disk as Exclude<typeof disk, { reason: string }>
  const path = join(mounted.path, 'store')
  let before: object
  {
    await using store = await openJsonStore({ path, mode: 'write', space, layout: 'segments' })
    await store.commit({ put: sampleSources(0, 100) })
    before = await pictureOf(store)
  }
  await writeFile(join(path, 'manifest.json'), 'not any more')
  await writeFile(join(path, 'sources', '00000001.jsonl'), 'neither')
  await fill(mounted.path, 180_000)
  await expect(repairJsonStore({ path })).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' })
  await writeFile(join(mounted.path, 'filler'), '')
  expect((await repairJsonStore({ path })).lostSources).toEqual([])
  await using store = await openJsonStore({ path, mode: 'read' })
  expect(await pictureOf(store)).toEqual(before)
})
