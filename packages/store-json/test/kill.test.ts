import { cp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runNode, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openJsonStore } from '../src/index.ts'
import { openStore } from '../src/open-store.ts'
import { pictureOf, sampleSources, space } from './sample-store.ts'
import { hastyOperations, watchedOperations } from './watched-operations.ts'

const child = fileURLToPath(new URL('child-commit.ts', import.meta.url))
const batch = { put: sampleSources(5, 4), delete: ['docs/0.md'] }

/** A store whose next commit also merges files. */
async function prepareStore(path: string): Promise<void> {
  await using store = await openStore({ path, mode: 'write', space }, hastyOperations)
  for (let i = 0; i < 7; i++) await store.commit({ put: sampleSources(i, 1) })
}

async function pictureAt(path: string): Promise<object> {
  await using store = await openJsonStore({ path, mode: 'read' })
  return await pictureOf(store)
}

async function dataFilesOf(path: string): Promise<string[]> {
  const files = await readdir(path, { recursive: true })
  return files.filter((name) => name !== 'LOCK' && name !== 'chunks' && name !== 'sources').toSorted()
}

async function namedFiles(path: string): Promise<string[]> {
  const text = await readFile(join(path, 'manifest.json'), 'utf8')
  const { chunkFiles, sourceFiles } = JSON.parse(text) as Record<'chunkFiles' | 'sourceFiles', { file: string }[]>
  return [...chunkFiles, ...sourceFiles]
    .map(({ file }) => join(file))
    .concat('manifest.json')
    .toSorted()
}

/** The store reads as before or after the batch, a writer cleans up and goes on; both end in the same store. */
async function expectSound(path: string, outcomes: { before: object; after: object }): Promise<void> {
  const left = await pictureAt(path)
  expect([outcomes.before, outcomes.after]).toContainEqual(left)
  await using store = await openJsonStore({ path, mode: 'write' })
  expect(await pictureOf(store)).toEqual(left)
  expect(await dataFilesOf(path)).toEqual(await namedFiles(path))
  await store.commit(batch)
  expect(await pictureOf(store)).toEqual(outcomes.after)
}

async function outcomesOf(
  prepared: string,
  scratch: string,
): Promise<{ before: object; after: object; changes: string[] }> {
  await cp(prepared, scratch, { recursive: true })
  const changes: string[] = []
  const operations = watchedOperations(async (_, { name }) => {
    changes.push(name)
  })
  await using store = await openStore({ path: scratch, mode: 'write', space }, operations)
  const before = await pictureOf(store)
  await store.commit(batch)
  return { before, after: await pictureOf(store), changes }
}

test(
  'a writer that is killed at any step of a commit leaves the store as before or after',
  { timeout: 300_000 },
  async () => {
    await using folder = await temporaryFolder()
    const prepared = join(folder.path, 'prepared')
    await prepareStore(prepared)
    const { changes, ...outcomes } = await outcomesOf(prepared, join(folder.path, 'whole'))
    expect(changes.length).toBeGreaterThan(20)
    for (const [number, name] of changes.entries()) {
      for (const how of name === 'write' ? ['nothing', 'half'] : ['nothing']) {
        const path = join(folder.path, `${how}-${number}`)
        await cp(prepared, path, { recursive: true })
        expect((await runNode([child, path, String(number), how])).signal).toBe('SIGKILL')
        await expectSound(path, outcomes)
      }
    }
  },
)

test('a writer that is killed while it makes a store leaves none, or an empty one', { timeout: 300_000 }, async () => {
  await using folder = await temporaryFolder()
  let number = 0
  for (let ended = false; !ended; number++) {
    const path = join(folder.path, String(number))
    ended = (await runNode([child, path, String(number), 'half'])).signal === null
    await using store = await openJsonStore({ path, mode: 'write', space })
    const { sources } = await store.stats()
    expect([0, 4]).toContain(sources)
    await store.commit(batch)
    expect((await store.stats()).sources).toBe(4)
    expect(await dataFilesOf(path)).toEqual(await namedFiles(path))
  }
  expect(number).toBeGreaterThan(15)
})

test('after a change to the disk fails, a commit says so and the store works on', { timeout: 120_000 }, async () => {
  await using folder = await temporaryFolder()
  const prepared = join(folder.path, 'prepared')
  await prepareStore(prepared)
  const { changes, ...outcomes } = await outcomesOf(prepared, join(folder.path, 'whole'))
  const failures: string[] = []
  for (let failing = 0; failing < changes.length; failing++) {
    const path = join(folder.path, String(failing))
    await cp(prepared, path, { recursive: true })
    let full = false
    let failed = ''
    let count = 0
    const operations = watchedOperations(async (_, { name, half }) => {
      if (!full || count++ !== failing) return
      failed = name
      await half()
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    })
    await using store = await openStore({ path, mode: 'write', space }, operations)
    full = true
    const outcome = await store.commit(batch).then(
      () => 'done',
      (error: unknown) => error,
    )
    expect([expect.objectContaining({ code: 'STORE_WRITE_FAILED' }), 'done']).toContainEqual(outcome)
    full = false
    if (outcome !== 'done') failures.push(failed)
    const left = await pictureOf(store)
    // Only a sync of the folder that fails after the manifest was replaced leaves the batch applied.
    expect(
      failed === 'syncFolder' || outcome === 'done' ? [outcomes.before, outcomes.after] : [outcomes.before],
    ).toContainEqual(left)
    expect(await pictureAt(path)).toEqual(left)
    await store.commit(batch)
    expect(await pictureOf(store)).toEqual(outcomes.after)
    expect(await pictureAt(path)).toEqual(outcomes.after)
  }
  expect(new Set(failures)).toEqual(new Set(['createFile', 'write', 'sync', 'rename', 'syncFolder']))
})

test('a failed commit leaves nothing behind', async () => {
  await using folder = await temporaryFolder()
  let full = false
  const operations = watchedOperations(async (_, { name }) => {
    if (full && name === 'rename') throw new Error('the disk is full')
  })
  await using store = await openStore({ path: folder.path, mode: 'write', space }, operations)
  await store.commit({ put: sampleSources(0, 2) })
  const before = await dataFilesOf(folder.path)
  full = true
  await expect(store.commit(batch)).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' })
  expect(await dataFilesOf(folder.path)).toEqual(before)
})
