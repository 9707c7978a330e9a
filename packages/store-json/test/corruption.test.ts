import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { isQuernError } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openJsonStore } from '../src/index.ts'
import { sampleOf } from './effort.ts'
import { collect, pictureOf, sampleSources, sourceOf, space, vectorOf } from './sample-store.ts'

/** Ways to write a store, with the number of files that it then has. */
const ways = {
  segments: { options: { layout: 'segments' }, files: 4 },
  'compressed segments': { options: { layout: 'segments', compression: 'gzip' }, files: 4 },
  'a single file': { options: { layout: 'single' }, files: 1 },
} as const

type Way = keyof typeof ways
const wayNames = Object.keys(ways) as Way[]

async function createStore(path: string, way: Way = 'segments'): Promise<object> {
  await using store = await openJsonStore({ path, mode: 'write', space, ...ways[way].options })
  await store.commit({ put: sampleSources(0, 2) })
  await store.commit({ put: [sourceOf('docs/1.md', ['é “changed”']), sourceOf('empty.md', [])], delete: ['docs/0.md'] })
  return await pictureOf(store)
}

async function dataFilesOf(path: string): Promise<string[]> {
  const files = await readdir(path, { recursive: true })
  return files.filter((name) => /\.(json|jsonl|gz)$/.test(name)).toSorted()
}

/** What a reader of a store with this content in this file makes of it: the picture, or the error. */
async function readDamaged(path: string, file: string, content: Uint8Array): Promise<unknown> {
  await writeFile(join(path, file), content)
  try {
    await using store = await openJsonStore({ path, mode: 'read' })
    return await pictureOf(store)
  } catch (error) {
    return error
  }
}

function expectNamed(outcome: unknown, file: string): void {
  expect(outcome).toMatchObject({ code: 'STORE_CORRUPT', details: { file } })
  expect(String(outcome)).toContain(file)
}

test.each(wayNames)('a file of %s that ends early, goes on too long or is empty is named', async (way) => {
  await using folder = await temporaryFolder()
  await createStore(folder.path, way)
  const files = await dataFilesOf(folder.path)
  expect(files).toHaveLength(ways[way].files)
  for (const file of files) {
    const path = join(folder.path, file)
    const content = await readFile(path)
    for (const kept of [0, 1, content.length >> 1, content.length - 2]) {
      expectNamed(await readDamaged(folder.path, file, content.subarray(0, kept)), path)
    }
    expectNamed(await readDamaged(folder.path, file, Buffer.concat([content, Buffer.from('{"')])), path)
    await writeFile(path, content)
  }
})

test('a file of segments that is missing is named', async () => {
  await using folder = await temporaryFolder()
  await createStore(folder.path)
  for (const file of await dataFilesOf(folder.path)) {
    const path = join(folder.path, file)
    const content = await readFile(path)
    await rm(path)
    await expect(openJsonStore({ path: folder.path, mode: 'read' })).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      details: { file: path },
    })
    await writeFile(path, content)
  }
})

test.each(['segments', 'a single file'] as const)(
  'a search in %s never answers from a vector with a changed digit, even when it is the first call',
  async (way) => {
    await using folder = await temporaryFolder()
    const store = { path: folder.path, ...ways[way].options, vectorCache: false }
    {
      await using writer = await openJsonStore({ ...store, mode: 'write', space })
      await writer.commit({ put: sampleSources(0, 3) })
    }
    const file = way === 'segments' ? join('chunks', '00000002.jsonl') : 'embeddings.json'
    const path = join(folder.path, file)
    const content = await readFile(path, 'utf8')
    const digits = [...content.matchAll(/"embedding": ?\[-?0\.(\d)/g)].map(
      ({ index, 0: found }) => index + found.length - 1,
    )
    expect(digits).toHaveLength(6)
    for (const at of digits) {
      const digit = content[at] === '1' ? '2' : '1'
      await writeFile(path, content.slice(0, at) + digit + content.slice(at + 1))
      await using reader = await openJsonStore({ ...store, mode: 'read' })
      const search = reader.search({ mode: 'vector', vector: vectorOf('text of 0'), limit: 1 })
      await expect(search).rejects.toMatchObject({ code: 'STORE_CORRUPT', details: { file: path } })
    }
  },
)

/** How a reader took damage: it named the file, it gave every answer as before, or neither. */
function judge(outcome: unknown, picture: object, path: string): 'named' | 'harmless' | 'newer' | 'wrong' {
  if (isQuernError(outcome, 'STORE_CORRUPT')) return outcome.details['file'] === path ? 'named' : 'wrong'
  if (isQuernError(outcome, 'STORE_NEWER')) return 'newer'
  return isDeepStrictEqual(outcome, picture) ? 'harmless' : 'wrong'
}

test.each(wayNames)(
  'a changed byte anywhere in %s is found and its file named, or it changes no answer',
  async (way) => {
    await using folder = await temporaryFolder()
    const picture = await createStore(folder.path, way)
    for (const file of await dataFilesOf(folder.path)) {
      const path = join(folder.path, file)
      const content = await readFile(path)
      const judgements = { named: 0, harmless: 0, newer: 0, wrong: 0 }
      for (const at of sampleOf([...content.keys()], 31)) {
        const damaged = Buffer.from(content)
        damaged[at] = (damaged[at] as number) ^ (1 << (at % 8))
        judgements[judge(await readDamaged(folder.path, file, damaged), picture, path)]++
      }
      await writeFile(path, content)
      expect(judgements.wrong, `a changed byte of ${file} gave a wrong answer`).toBe(0)
      // Only bytes that no source claims may change unseen: dead ones, blanks of the manifest, what stands between entries.
      expect(judgements.harmless === 0 || !file.startsWith('sources')).toBe(true)
      expect(judgements.named).toBeGreaterThan(judgements.harmless)
    }
  },
)

test('the line of a damaged chunk is named', async () => {
  await using folder = await temporaryFolder()
  await createStore(folder.path)
  const file = join(folder.path, 'chunks', '00000004.jsonl')
  const content = await readFile(file, 'utf8')
  await writeFile(file, content.replace('changed', 'chAnged'))
  await using store = await openJsonStore({ path: folder.path, mode: 'read' })
  const expected = { code: 'STORE_CORRUPT', details: { file, line: 2 } }
  await expect(collect(store.getChunks())).rejects.toMatchObject(expected)
  await expect(
    store.search({ mode: 'vector', vector: new Float32Array([1, 0, 0, 0, 0, 0, 0, 0]), limit: 1 }),
  ).rejects.toMatchObject(expected)
  const { chunks } = sourceOf('docs/1.md', ['é “changed”'])
  await expect(store.findVectors(chunks.map(({ textHash }) => textHash))).rejects.toMatchObject(expected)
})

test('compaction copies no damage: it names the file and changes nothing', async () => {
  await using folder = await temporaryFolder()
  await createStore(folder.path)
  const file = join(folder.path, 'chunks', '00000004.jsonl')
  await writeFile(file, (await readFile(file, 'utf8')).replace('changed', 'chAnged'))
  await using store = await openJsonStore({ path: folder.path, mode: 'write' })
  await store.commit({ put: sampleSources(7, 1) })
  const files = await dataFilesOf(folder.path)
  await expect(store.maintain()).rejects.toMatchObject({ code: 'STORE_CORRUPT', details: { file } })
  expect(await dataFilesOf(folder.path)).toEqual(files)
  await store.commit({ put: [sourceOf('docs/1.md', ['é “changed”'])] })
  await store.maintain()
  expect(await collect(store.getChunks())).toHaveLength(3)
})

test('a damaged entry of a single file hinders no commit but growth, and stays damaged', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'embeddings.json')
  await createStore(folder.path, 'a single file')
  await writeFile(file, (await readFile(file, 'utf8')).replace('changed', 'chAnged'))
  const expected = { code: 'STORE_CORRUPT', details: { file } }
  {
    await using store = await openJsonStore({ path: folder.path, mode: 'write', layout: 'single' })
    await store.commit({ put: sampleSources(7, 1) })
    await expect(collect(store.getChunks())).rejects.toMatchObject(expected)
    expect(await collect(store.getChunks({ sources: ['docs/7.md'] }))).toHaveLength(2)
    expect((await collect(store.verify())).map(({ place, sources }) => [place, sources])).toEqual([
      [file, ['docs/1.md']],
    ])
  }
  await using store = await openJsonStore({ path: folder.path, mode: 'write', layout: 'segments' })
  const files = await dataFilesOf(folder.path)
  await expect(store.commit({ put: sampleSources(8, 1) })).rejects.toMatchObject(expected)
  expect(await dataFilesOf(folder.path)).toEqual(files)
  await store.commit({ put: [sourceOf('docs/1.md', ['é “changed”'])] })
  expect(await collect(store.getChunks())).toHaveLength(3)
  expect(await collect(store.verify())).toEqual([])
})

test('a store of one kind of files with those of another is found out', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'store')
  await createStore(path)
  await cp(join(path, 'manifest.json'), join(folder.path, 'old.json'))
  await using store = await openJsonStore({ path, mode: 'write' })
  await store.maintain()
  await store.close()
  await cp(join(folder.path, 'old.json'), join(path, 'manifest.json'))
  await expect(openJsonStore({ path, mode: 'write' })).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
})
