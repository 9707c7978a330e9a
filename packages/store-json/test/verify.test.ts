import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceChunks, StoreFault } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import type { JsonStoreOptions } from '../src/index.ts'
import { openJsonStore, repairJsonStore } from '../src/index.ts'
import { collect, sampleSources, sourceOf, space } from './sample-store.ts'

const segments = { layout: 'segments' } as const
const compressed = { layout: 'segments', compression: 'gzip' } as const
const single = { layout: 'single' } as const

async function createStore(path: string, options: Partial<JsonStoreOptions>): Promise<void> {
  await using store = await openJsonStore({ path, mode: 'write', space, ...options })
  await store.commit({ put: sampleSources(0, 4) })
}

async function faultsOf(path: string): Promise<StoreFault[]> {
  await using store = await openJsonStore({ path, mode: 'read' })
  return await collect(store.verify())
}

async function replaceIn(file: string, from: string, to: string): Promise<void> {
  await writeFile(file, (await readFile(file, 'utf8')).replace(from, to))
}

test.each([
  ['chunks/00000002.jsonl', segments],
  ['embeddings.json', single],
] as const)('every damaged source is named, not only the first (%s)', async (name, options) => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, name)
  await createStore(folder.path, options)
  await replaceIn(file, 'text of 1', 'text Of 1')
  await replaceIn(file, 'text of 3', 'teXt of 3')
  const faults = await faultsOf(folder.path)
  expect(faults.map(({ place, sources }) => [place, sources])).toEqual([
    [file, ['docs/1.md']],
    [file, ['docs/3.md']],
  ])
  expect(faults[0]?.message).toContain(file)
})

test.each([
  ['the header of a chunk file', segments, 'chunks/00000002.jsonl', 30],
  ['the header of a compressed chunk file', compressed, 'chunks/00000002.jsonl.gz', 40],
  ['what stands between the entries of a single file', single, 'embeddings.json', 'joint'],
  ['the end of a single file', single, 'embeddings.json', -60],
] as const)('damage to %s is named, though every chunk can be read', async (_, options, name, place) => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, name)
  await createStore(folder.path, options)
  const data = await readFile(file)
  const ofSecond = data.indexOf('"source":"docs/1.md"', data.indexOf('"embeddings": ['))
  const at = place === 'joint' ? data.lastIndexOf(',\n    {\n', ofSecond) : (place + data.length) % data.length
  data[at] = (data[at] as number) ^ 1
  await writeFile(file, data)
  const faults = await faultsOf(folder.path)
  expect(faults.map((fault) => [fault.place, fault.sources])).toEqual([[file, []]])
  expect((await repairJsonStore({ path: folder.path })).lostSources).toEqual([])
  expect(await faultsOf(folder.path)).toEqual([])
})

test.each([
  ['manifest.json', segments],
  ['sources/00000001.jsonl', segments],
  ['chunks/00000002.jsonl', segments],
  ['embeddings.json', single],
] as const)('a file %s that is lost while the store is open is named', async (name, options) => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, name)
  await createStore(folder.path, options)
  await using store = await openJsonStore({ path: folder.path, mode: 'read' })
  await rm(file)
  const faults = await collect(store.verify())
  expect(faults.map(({ place }) => place)).toEqual([file])
})

test('a file of sources that is changed while the store is open is named', async () => {
  await using folder = await temporaryFolder()
  await createStore(folder.path, segments)
  await using store = await openJsonStore({ path: folder.path, mode: 'read' })
  const file = join(folder.path, 'sources', '00000001.jsonl')
  await replaceIn(file, 'docs/2.md', 'docs/9.md')
  expect((await collect(store.verify())).map(({ place, sources }) => [place, sources])).toEqual([[file, []]])
})

/** A source with the chunk ids of another one. */
function impostorOf({ chunks }: SourceChunks): SourceChunks {
  const source = sourceOf('docs/impostor.md', ['text of 1', 'common text'])
  return { ...source, chunks: source.chunks.map((chunk, i) => Object.assign({}, chunk, { id: chunks[i]?.id ?? '' })) }
}

test.each([segments, single])(
  'chunk ids that two sources share are found, and a repair keeps one of the two (%j)',
  async (options) => {
    await using folder = await temporaryFolder()
    await createStore(folder.path, options)
    {
      await using store = await openJsonStore({ path: folder.path, mode: 'write' })
      await store.commit({ put: sampleSources(1, 1).map(impostorOf) })
    }
    const faults = await faultsOf(folder.path)
    expect(faults).toHaveLength(2)
    const sources = new Set(faults.flatMap((fault) => fault.sources))
    const { lostSources, actions } = await repairJsonStore({ path: folder.path })
    expect(lostSources).toEqual([...sources])
    expect(actions.length).toBeGreaterThan(0)
    expect(await faultsOf(folder.path)).toEqual([])
    await using store = await openJsonStore({ path: folder.path, mode: 'read' })
    expect((await store.stats()).sources).toBe(4)
  },
)
