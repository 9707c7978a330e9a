import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openJsonStore } from '../src/index.ts'
import { openStore } from '../src/open-store.ts'
import { layoutNames, layouts } from './layouts.ts'
import { collect, pictureOf, sampleSources, sourceOf, space, vectorOf } from './sample-store.ts'
import { watchedOperations } from './watched-operations.ts'

test('an iteration and a search that run when the store is closed reject', async () => {
  await using folder = await temporaryFolder()
  await using store = await openJsonStore({ path: folder.path, mode: 'write', space })
  await store.commit({ put: sampleSources(0, 5) })
  const chunks = store.getChunks()[Symbol.asyncIterator]()
  const states = store.listSources()[Symbol.asyncIterator]()
  await Promise.all([chunks.next(), states.next()])
  const search = store.search({ mode: 'vector', vector: vectorOf('a'), limit: 3 })
  const closed = { code: 'STORE_CLOSED' }
  await Promise.all([expect(search).rejects.toMatchObject(closed), store.close()])
  await expect(chunks.next()).rejects.toMatchObject(closed)
  await expect(states.next()).rejects.toMatchObject(closed)
})

test('a reader refuses commits and maintenance', async () => {
  await using folder = await temporaryFolder()
  await using writer = await openJsonStore({ path: folder.path, mode: 'write', space })
  await using reader = await openJsonStore({ path: folder.path, mode: 'read' })
  await expect(reader.commit({})).rejects.toMatchObject({ code: 'STORE_READ_ONLY' })
  await expect(reader.maintain()).rejects.toMatchObject({ code: 'STORE_READ_ONLY' })
  expect(await pictureOf(reader)).toEqual(await pictureOf(writer))
})

test.each(layoutNames)(
  'a commit that is aborted on its way leaves no files and the store in use (%s)',
  async (layout) => {
    await using folder = await temporaryFolder()
    const controller = new AbortController()
    const operations = watchedOperations(async (_, { name }) => {
      if (name === 'createFile' && armed.abort) controller.abort(reason)
    })
    const reason = new Error('enough')
    const armed = { abort: false }
    await using store = await openStore({ path: folder.path, mode: 'write', space, ...layouts[layout] }, operations)
    await store.commit({ put: sampleSources(0, 2) })
    const before = await pictureOf(store)
    armed.abort = true
    await expect(store.commit({ put: sampleSources(2, 5) }, { signal: controller.signal })).rejects.toBe(reason)
    expect(await pictureOf(store)).toEqual(before)
    await store.commit({ put: sampleSources(2, 5) })
    expect((await store.stats()).sources).toBe(7)
  },
)

test.each([
  ['segments', 'manifest.json'],
  ['single', 'embeddings.json'],
] as const)(
  'when nobody can tell whether the root was replaced (%s), no file is lost and the store says so',
  async (layout, root) => {
    await using folder = await temporaryFolder()
    const manifest = join(folder.path, root)
    const seen = { armed: false, renamed: false }
    const operations = watchedOperations(async (_, { name }) => {
      if (seen.armed && seen.renamed && name === 'syncFolder') {
        seen.armed = false
        await rename(manifest, `${manifest}.away`)
        throw new Error('the disk is gone')
      }
      seen.renamed = name === 'rename'
    })
    await using store = await openStore({ path: folder.path, mode: 'write', space, layout }, operations)
    await store.commit({ put: sampleSources(0, 2) })
    const before = await pictureOf(store)
    seen.armed = true
    const failed = { code: 'STORE_WRITE_FAILED' }
    await expect(store.commit({ put: [sourceOf('docs/new.md', ['new'])] })).rejects.toMatchObject(failed)
    expect(await pictureOf(store)).toEqual(before)
    await rename(`${manifest}.away`, manifest)
    await expect(store.commit({ put: sampleSources(7, 1) })).rejects.toMatchObject(failed)
    await store.close()
    await using again = await openJsonStore({ path: folder.path, mode: 'write' })
    expect((await collect(again.listSources())).map(({ id }) => id).toSorted()).toEqual([
      'docs/0.md',
      'docs/1.md',
      'docs/new.md',
    ])
    expect(await collect(again.getChunks())).toHaveLength(5)
  },
)
