import { cp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RepairReport, SourceChunks } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { openLanceStore, repairLanceStore } from '../src/index.ts'
import { collect, pictureOf, pictureOfSources, sampleSources, sourceOf, space } from './sample-store.ts'

const first = sampleSources(0, 6)
const second = [sourceOf('docs/0.md', ['a new text']), sourceOf('docs/new.md', ['of a new source', 'common text'])]
const all = [...second, ...first.slice(1)]

/** A store of two commits, in its own folder. */
async function makeStore(path: string): Promise<string> {
  const uri = join(path, 'store')
  const options = { uri, mode: 'write', space, wordIndex: 'always' } as const
  await using store = await openLanceStore(options)
  await store.commit({ put: first })
  await store.commit({ put: second })
  return uri
}

async function filesIn(folder: string, ending: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(ending)).map((name) => join(folder, name))
}

async function newestManifest(uri: string): Promise<string> {
  const [newest = ''] = (await filesIn(join(uri, 'chunks.lance', '_versions'), '.manifest')).toSorted()
  return newest
}

/** The data file of the first commit, which is the larger one, and of the second. */
async function dataFiles(uri: string): Promise<[string, string]> {
  const files = await filesIn(join(uri, 'chunks.lance', 'data'), '.lance')
  const sizes = await Promise.all(files.map(async (file) => ({ file, size: (await stat(file)).size })))
  const [larger, smaller] = sizes.toSorted((a, b) => b.size - a.size)
  return [larger?.file ?? '', smaller?.file ?? '']
}

async function halve(file: string): Promise<void> {
  await truncate(file, Math.floor((await stat(file)).size / 2))
}

async function flipByte(file: string, content: string | Uint8Array): Promise<void> {
  const bytes = await readFile(file)
  const place = bytes.indexOf(content)
  expect(place).toBeGreaterThan(0)
  bytes[place] = (bytes[place] ?? 0) ^ 1
  await writeFile(file, bytes)
}

async function pictureAt(uri: string): Promise<object> {
  await using store = await openLanceStore({ uri, mode: 'read' })
  return await pictureOf(store)
}

async function faultsOf(uri: string): Promise<{ place: string; sources: readonly string[] }[]> {
  await using store = await openLanceStore({ uri, mode: 'read' })
  return (await collect(store.verify())).map(({ place, sources }) => ({ place, sources }))
}

/** After a repair a store is sound, takes commits, and a repair finds nothing more to do. */
async function expectMended(uri: string, left: readonly SourceChunks[]): Promise<void> {
  expect(await faultsOf(uri)).toEqual([])
  expect(await pictureAt(uri)).toEqual(pictureOfSources(left))
  expect(await repairLanceStore({ uri })).toEqual({ actions: [], lostSources: [] } satisfies RepairReport)
  await using store = await openLanceStore({ uri, mode: 'write' })
  await store.commit({ put: all })
  expect(await pictureOf(store)).toEqual(pictureOfSources(all))
  const hits = await store.search({ mode: 'keyword', text: 'text', limit: 100 })
  expect(hits.length).toBe(all.flatMap(({ chunks }) => chunks).length - 1)
}

test('repair of a sound store changes nothing', async () => {
  await using folder = await temporaryFolder()
  const uri = await makeStore(folder.path)
  const before = (await readdir(uri, { recursive: true })).toSorted()
  expect(await repairLanceStore({ uri })).toEqual({ actions: [], lostSources: [] })
  expect((await readdir(uri, { recursive: true })).toSorted()).toEqual(before)
  expect(await pictureAt(uri)).toEqual(pictureOfSources(all))
})

describe.each([
  ['empty', (file: string) => truncate(file, 0)],
  ['cut in half', halve],
])('a newest manifest that is %s', (_, damage) => {
  test('is named when the store is opened, and the version before it is brought back', async () => {
    await using folder = await temporaryFolder()
    const uri = await makeStore(folder.path)
    const file = await newestManifest(uri)
    await damage(file)
    for (const mode of ['read', 'write'] as const)
      await expect(openLanceStore({ uri, mode })).rejects.toMatchObject({ code: 'STORE_CORRUPT', details: { file } })
    const { actions, lostSources } = await repairLanceStore({ uri })
    expect({ actions: actions.length, lostSources }).toEqual({ actions: 1, lostSources: [] })
    expect(await readdir(join(uri, 'damaged'))).toHaveLength(1)
    await expectMended(uri, first)
  })
})

describe.each([
  ['missing', (file: string) => rm(file)],
  ['empty', (file: string) => truncate(file, 0)],
  ['cut in half', halve],
])('a data file that is %s', (_, damage) => {
  test('is named by what reads it and by verify, and its sources are lost by name', async () => {
    await using folder = await temporaryFolder()
    const uri = await makeStore(folder.path)
    const [, file] = await dataFiles(uri)
    await damage(file)
    await expect(pictureAt(uri)).rejects.toMatchObject({ code: 'STORE_CORRUPT', details: { file } })
    expect(await faultsOf(uri)).toContainEqual(expect.objectContaining({ place: file }))
    const { actions, lostSources } = await repairLanceStore({ uri })
    expect(actions.length).toBeGreaterThan(0)
    expect(lostSources).toContain('docs/0.md')
    await expectMended(uri, first.slice(1))
  })
})

test('a text that is not as it was written is found by verify, never given out, and taken out by repair', async () => {
  await using folder = await temporaryFolder()
  const uri = await makeStore(folder.path)
  const [file] = await dataFiles(uri)
  await flipByte(file, 'text 1 of 3')
  await expect(pictureAt(uri)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  expect((await faultsOf(uri)).flatMap(({ sources }) => sources)).toContain('docs/3.md')
  const { lostSources } = await repairLanceStore({ uri })
  expect(lostSources).toContain('docs/3.md')
  const lost = new Set(lostSources)
  await expectMended(
    uri,
    all.filter(({ state }) => !lost.has(state.id)),
  )
})

test('a vector that is not as it was written is not used again', async () => {
  await using folder = await temporaryFolder()
  const uri = await makeStore(folder.path)
  const [file] = await dataFiles(uri)
  const [{ vector, textHash } = { vector: new Float32Array(), textHash: '' }] = first[3]?.chunks ?? []
  await flipByte(file, new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength))
  await using store = await openLanceStore({ uri, mode: 'read' })
  await expect(store.findVectors([textHash])).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
})

test('an index that is missing is found by verify, and made anew by repair', async () => {
  await using folder = await temporaryFolder()
  const uri = await makeStore(folder.path)
  await rm(join(uri, 'chunks.lance', '_indices'), { recursive: true })
  expect(await faultsOf(uri)).toEqual([{ place: expect.stringContaining('_indices'), sources: [] }])
  const { actions, lostSources } = await repairLanceStore({ uri })
  expect({ actions: actions.length, lostSources }).toEqual({ actions: 1, lostSources: [] })
  await expectMended(uri, all)
})

test('a store without a readable version is beyond repair, and is left as it is', async () => {
  await using folder = await temporaryFolder()
  const uri = await makeStore(folder.path)
  for (const file of await filesIn(join(uri, 'chunks.lance', '_versions'), '.manifest')) await truncate(file, 0)
  const before = (await readdir(join(uri, 'chunks.lance'), { recursive: true })).toSorted()
  await expect(repairLanceStore({ uri })).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  const left = (await readdir(join(uri, 'chunks.lance'), { recursive: true })).toSorted()
  expect(left.filter((name) => !name.endsWith('.json'))).toEqual(before.filter((name) => !name.endsWith('.json')))
})

test('facts that cannot be read are done without', async () => {
  await using folder = await temporaryFolder()
  const uri = await makeStore(folder.path)
  for (const file of await filesIn(join(uri, 'meta.lance', '_versions'), '.manifest')) await truncate(file, 0)
  const { actions, lostSources } = await repairLanceStore({ uri })
  expect({ actions: actions.length, lostSources }).toEqual({ actions: 1, lostSources: [] })
  await expectMended(uri, all)
})

test('data without any manifest are no new store', async () => {
  await using folder = await temporaryFolder()
  const uri = await makeStore(folder.path)
  await rm(join(uri, 'chunks.lance', '_versions'), { recursive: true })
  for (const mode of ['read', 'write'] as const)
    await expect(openLanceStore({ uri, mode, space })).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
})

test('repair keeps out while a writer has the store open, and finds no store where none is', async () => {
  await using folder = await temporaryFolder()
  const uri = await makeStore(folder.path)
  {
    await using _ = await openLanceStore({ uri, mode: 'write' })
    await expect(repairLanceStore({ uri })).rejects.toMatchObject({ code: 'STORE_BUSY' })
  }
  const elsewhere = join(folder.path, 'elsewhere')
  await expect(repairLanceStore({ uri: elsewhere })).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
  await cp(uri, elsewhere, { recursive: true })
  expect(await repairLanceStore({ uri: elsewhere })).toEqual({ actions: [], lostSources: [] })
})
