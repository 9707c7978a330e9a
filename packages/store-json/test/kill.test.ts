import { cp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openJsonStore } from '../src/index.ts'
import { openStore } from '../src/open-store.ts'
import { numbersApart, sampleOfKinds } from './effort.ts'
import { runChild } from './run-child.ts'
import { collect, pictureOf, sampleSources, space } from './sample-store.ts'
import { hastyOperations, watchedOperations } from './watched-operations.ts'

const child = 'child-commit.ts'
const batch = { put: sampleSources(5, 4), delete: ['docs/0.md'] }

/** Ways to lay out the store that is killed. */
const ways = {
  'that also merges files': { layout: 'segments' },
  'to compressed files': { layout: 'segments', compression: 'gzip' },
  'to a single file': { layout: 'single' },
  'with which the store grows': { layout: 'auto', singleFileChunks: 15 },
} as const

type Way = keyof typeof ways
const wayNames = Object.keys(ways) as Way[]

/** A store whose next commit is the one of which its way tells. */
async function prepareStore(path: string, way: Way): Promise<void> {
  await using store = await openStore({ path, mode: 'write', space, ...ways[way] }, hastyOperations)
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
  if (!(await readdir(path)).includes('manifest.json')) return ['embeddings.json']
  const text = await readFile(join(path, 'manifest.json'), 'utf8')
  const { chunkFiles, sourceFiles } = JSON.parse(text) as Record<'chunkFiles' | 'sourceFiles', { file: string }[]>
  return [...chunkFiles, ...sourceFiles]
    .map(({ file }) => join(file))
    .concat('manifest.json')
    .toSorted()
}

/** The store reads as before or after the batch, a writer cleans up and goes on; both end in the same store. */
async function expectSound(path: string, outcomes: { before: object; after: object }, way: Way): Promise<void> {
  const left = await pictureAt(path)
  expect([outcomes.before, outcomes.after]).toContainEqual(left)
  await using store = await openJsonStore({ path, mode: 'write', ...ways[way] })
  expect(await pictureOf(store)).toEqual(left)
  expect(await collect(store.verify())).toEqual([])
  expect(await dataFilesOf(path)).toEqual(await namedFiles(path))
  await store.commit(batch)
  expect(await pictureOf(store)).toEqual(outcomes.after)
}

async function outcomesOf(
  prepared: string,
  scratch: string,
  way: Way,
): Promise<{ before: object; after: object; changes: string[]; opening: number }> {
  await cp(prepared, scratch, { recursive: true })
  const changes: string[] = []
  const operations = watchedOperations(async (_, { name }) => {
    changes.push(name)
  })
  await using store = await openStore({ path: scratch, mode: 'write', space, ...ways[way] }, operations)
  const opening = changes.length
  const before = await pictureOf(store)
  await store.commit(batch)
  return { before, after: await pictureOf(store), changes, opening }
}

test.each(wayNames)(
  'a writer that is killed at any step of a commit %s leaves the store as before or after',
  { timeout: 300_000 },
  async (way) => {
    await using folder = await temporaryFolder()
    const prepared = join(folder.path, 'prepared')
    await prepareStore(prepared, way)
    const { changes, ...outcomes } = await outcomesOf(prepared, join(folder.path, 'whole'), way)
    expect(changes.length).toBeGreaterThan(4)
    const steps = changes.flatMap((name, number) =>
      (name === 'write' ? ['nothing', 'half'] : ['nothing']).map((how) => ({ number, how, kind: `${name} ${how}` })),
    )
    for (const { number, how } of sampleOfKinds(steps, ({ kind }) => kind, 20)) {
      const path = join(folder.path, `${how}-${number}`)
      await cp(prepared, path, { recursive: true })
      expect((await runChild(child, [path, String(number), how, JSON.stringify(ways[way])])).signal).toBe('SIGKILL')
      await expectSound(path, outcomes, way)
    }
  },
)

test.each([
  ['in segments', 'that also merges files', 15],
  ['in a single file', 'to a single file', 8],
] as const)('a writer that is killed while it makes a store %s leaves none, or an empty one', async (_, way, least) => {
  await using folder = await temporaryFolder()
  let steps = 0
  for (const number of numbersApart(4)) {
    const path = join(folder.path, String(number))
    const { signal } = await runChild(child, [path, String(number), 'half', JSON.stringify(ways[way])])
    await using store = await openJsonStore({ path, mode: 'write', space, ...ways[way] })
    const { sources } = await store.stats()
    expect([0, 4]).toContain(sources)
    await store.commit(batch)
    expect((await store.stats()).sources).toBe(4)
    expect(await dataFilesOf(path)).toEqual(await namedFiles(path))
    steps = number
    if (signal === null) break
  }
  expect(steps).toBeGreaterThanOrEqual(least)
})

test.each(wayNames)('after a change to the disk fails, a commit %s says so and the store works on', async (way) => {
  await using folder = await temporaryFolder()
  const prepared = join(folder.path, 'prepared')
  await prepareStore(prepared, way)
  const { changes, opening, ...outcomes } = await outcomesOf(prepared, join(folder.path, 'whole'), way)
  const failures: string[] = []
  const committing = changes.slice(opening)
  // What is merged and removed behind the commit may fail in silence.
  const commitEnd = committing.indexOf('rename') + 2
  const steps = committing.map((name, number) => ({ number, kind: `${name} ${number < commitEnd}` }))
  for (const { number: failing } of sampleOfKinds(steps, ({ kind }) => kind, 20)) {
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
    await using store = await openStore({ path, mode: 'write', space, ...ways[way] }, operations)
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
  expect(failures).toEqual(expect.arrayContaining(['createFile', 'write', 'sync', 'rename', 'syncFolder']))
})

test.each(wayNames)('a failed commit %s leaves nothing behind', async (way) => {
  await using folder = await temporaryFolder()
  let full = false
  const operations = watchedOperations(async (_, { name }) => {
    if (full && name === 'rename') throw new Error('the disk is full')
  })
  await using store = await openStore({ path: folder.path, mode: 'write', space, ...ways[way] }, operations)
  await store.commit({ put: sampleSources(0, 6) })
  const before = await dataFilesOf(folder.path)
  full = true
  await expect(store.commit(batch)).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' })
  expect(await dataFilesOf(folder.path)).toEqual(before)
})
