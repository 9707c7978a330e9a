import { chmod, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openJsonStore } from '../../src/index.ts'
import type { LayoutName } from '../layouts.ts'
import { layoutNames, layouts } from '../layouts.ts'
import { runChild } from '../run-child.ts'
import { pictureOf, sampleSources, space } from '../sample-store.ts'

/** What a process without special rights gets from a store, by action. */
async function without(path: string, ...actions: readonly ('read' | 'commit' | 'repair')[]): Promise<unknown[]> {
  const { stdout, stderr } = await runChild('faults/child-without-rights.ts', [path, ...actions])
  expect(stderr).toBe('')
  return JSON.parse(stdout) as unknown[]
}

/** A store that all may read and write. */
async function createOpenStore(path: string, name: LayoutName): Promise<object> {
  await chmod(join(path, '..'), 0o755)
  await using store = await openJsonStore({ path, mode: 'write', space, ...layouts[name] })
  await store.commit({ put: sampleSources(0, 2) })
  const picture = await pictureOf(store)
  await store.close()
  for (const file of ['', ...(await readdir(path, { recursive: true }))]) {
    await chmod(join(path, file), (await stat(join(path, file))).isDirectory() ? 0o777 : 0o666)
  }
  return picture
}

test.each(layoutNames)('%s in a read-only folder can be read, and says that it cannot be written', async (name) => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'store')
  const before = await createOpenStore(path, name)
  const files = (await readdir(path, { recursive: true })).toSorted()
  await chmod(path, 0o555)
  expect(await without(path, 'read', 'commit', 'repair')).toEqual([
    4,
    expect.objectContaining({ code: 'STORE_WRITE_FAILED' }),
    expect.objectContaining({ code: 'STORE_WRITE_FAILED' }),
  ])
  await chmod(path, 0o777)
  expect((await readdir(path, { recursive: true })).toSorted()).toEqual(files)
  await using store = await openJsonStore({ path, mode: 'read' })
  expect(await pictureOf(store)).toEqual(before)
})

test.each([
  ['segments', 'manifest.json'],
  ['segments', 'sources/00000001.jsonl'],
  ['segments', 'chunks/00000002.jsonl'],
  ['a single file', 'embeddings.json'],
] as const)('in %s a file %s that may not be read is named, and is not called damaged', async (name, file) => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'store')
  await createOpenStore(path, name)
  await chmod(join(path, file), 0)
  const unreadable = expect.objectContaining({
    code: 'STORE_UNREADABLE',
    message: expect.stringContaining(join(path, file)) as string,
  }) as object
  expect(await without(path, 'read', 'commit', 'repair')).toEqual([unreadable, unreadable, unreadable])
})

test.each(['chunks', 'sources'])(
  'a commit that may not write to %s says so, and the store is as before',
  async (name) => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'store')
    const before = await createOpenStore(path, 'segments')
    await chmod(join(path, name), 0o555)
    expect(await without(path, 'commit')).toEqual([expect.objectContaining({ code: 'STORE_WRITE_FAILED' })])
    await using store = await openJsonStore({ path, mode: 'read' })
    expect(await pictureOf(store)).toEqual(before)
  },
)
