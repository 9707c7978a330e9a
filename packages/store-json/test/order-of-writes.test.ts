import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openStore } from '../src/open-store.ts'
import type { LayoutName } from './layouts.ts'
import { layouts } from './layouts.ts'
import { sampleSources, sourceOf, space } from './sample-store.ts'
import { watchedOperations } from './watched-operations.ts'

/** The changes to the disk that each of some commits makes, as names in a row. */
async function changesOf(commits: number, layout: LayoutName = 'segments'): Promise<string[]> {
  await using folder = await temporaryFolder()
  const names: string[] = []
  const operations = watchedOperations(async (_, { name }) => {
    names.push(name)
  })
  await using store = await openStore({ path: folder.path, mode: 'write', space, ...layouts[layout] }, operations)
  const changes: string[] = []
  for (let i = 0; i < commits; i++) {
    names.length = 0
    await store.commit({ put: [...sampleSources(i, 1), sourceOf('docs/same.md', [`version ${i}`])] })
    changes.push(names.join(' '))
  }
  return changes
}

const dataFiles = 'createFile createFile write sync write sync syncFolder syncFolder'
const manifest = 'createFile write sync rename syncFolder'

test('a commit syncs its data files and their names before it replaces the manifest, and the folder after', async () => {
  expect(await changesOf(3)).toEqual(Array.from({ length: 3 }, () => `${dataFiles} ${manifest}`))
})

test('a compaction writes in the same order, and removes files only when its manifest is durable', async () => {
  const commits = await changesOf(9)
  const compacting = commits.filter((changes) => changes.includes('remove'))
  expect(compacting.length).toBeGreaterThan(0)
  for (const changes of compacting) {
    expect(changes).toMatch(new RegExp(`^${dataFiles} ${manifest} ${dataFiles} ${manifest}( remove)+$`))
  }
})

test('a single file is synced under another name before it replaces the old one, and the folder after', async () => {
  expect(await changesOf(3, 'a single file')).toEqual(Array.from({ length: 3 }, () => manifest))
})

test('a store that grows makes its folders durable first, and removes the single file when its manifest is durable', async () => {
  const folders = 'makeFolder makeFolder syncFolder'
  const changes = await changesOf(4, 'a single file that grows')
  expect(changes.slice(0, 3)).toEqual([manifest, manifest, manifest])
  expect(changes[3]).toBe(`${folders} ${dataFiles} ${manifest} remove`)
})
