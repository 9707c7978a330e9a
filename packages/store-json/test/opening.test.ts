import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { sha256 } from '@quern/core'
import type { VectorStore } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openJsonStore } from '../src/index.ts'
import type { LayoutName } from './layouts.ts'
import { layoutNames, layouts } from './layouts.ts'
import { collect, pictureOf, sampleSources, sourceOf, space } from './sample-store.ts'

async function treeOf(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true })).toSorted()
}

async function createStore(path: string, name: LayoutName = 'segments'): Promise<object> {
  await using store = await openJsonStore({ path, mode: 'write', space, ...layouts[name] })
  await store.commit({ put: sampleSources(0, 2) })
  return await pictureOf(store)
}

function openWriter(path: string, name: LayoutName = 'segments'): Promise<VectorStore> {
  return openJsonStore({ path, mode: 'write', space, ...layouts[name] })
}

/** The file that is the root of a store with at least four chunks, in each layout. */
const roots: Readonly<Record<LayoutName, string>> = {
  segments: 'manifest.json',
  'a single file': 'embeddings.json',
  'a single file that grows': 'embeddings.json',
}

test('a new store is made with the folders above it, and can be read at once', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'a', 'b', 'store')
  await using writer = await openWriter(path)
  await using reader = await openJsonStore({ path, mode: 'read' })
  expect(await pictureOf(reader)).toEqual(await pictureOf(writer))
  expect(reader.space).toEqual(space)
  expect(await treeOf(path)).toEqual(['LOCK', 'chunks', 'manifest.json', 'sources'])
  await writer.close()
  expect(await treeOf(path)).toEqual(['chunks', 'manifest.json', 'sources'])
})

test('a new store needs a space, and nothing is made without one', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'store')
  await expect(openJsonStore({ path, mode: 'write' })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  expect(await treeOf(folder.path)).toEqual([])
})

test.each(layoutNames)('a store that exists is opened without naming its space (%s)', async (name) => {
  await using folder = await temporaryFolder()
  const before = await createStore(folder.path, name)
  await using store = await openJsonStore({ path: folder.path, mode: 'write' })
  expect(store.space).toEqual(space)
  expect(await pictureOf(store)).toEqual(before)
})

test('reading where no store is rejects and makes nothing', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'note.txt'), 'a note')
  for (const path of [folder.path, join(folder.path, 'missing'), join(folder.path, 'note.txt')]) {
    await expect(openJsonStore({ path, mode: 'read' })).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
  }
  expect(await treeOf(folder.path)).toEqual(['note.txt'])
})

test('a folder that holds other things is not made a store', async () => {
  await using folder = await temporaryFolder()
  for (const name of ['note.txt', join('chunks', 'note.txt'), join('sources', 'a', 'b.md'), '.git']) {
    const path = join(folder.path, sha256(name))
    await mkdir(join(path, name, '..'), { recursive: true })
    await writeFile(join(path, name), 'mine')
    const before = await treeOf(path)
    await expect(openWriter(path)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
    expect(await treeOf(path)).toEqual(before)
  }
})

test('data files without a manifest are a damaged store, which is not begun anew', async () => {
  await using folder = await temporaryFolder()
  await createStore(folder.path)
  await rm(join(folder.path, 'manifest.json'))
  const before = await treeOf(folder.path)
  const file = join(folder.path, 'manifest.json')
  for (const mode of ['read', 'write'] as const) {
    const opening = openJsonStore({ path: folder.path, mode, space })
    await expect(opening).rejects.toMatchObject({ code: 'STORE_CORRUPT', details: { file } })
  }
  expect(await treeOf(folder.path)).toEqual(before)
})

test.each(layoutNames)(
  'a store that the system does not let be read is another error than a damaged one (%s)',
  async (name) => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, roots[name])
    await mkdir(file)
    for (const mode of ['read', 'write'] as const) {
      const opening = openJsonStore({ path: folder.path, mode, space })
      await expect(opening).rejects.toMatchObject({ code: 'STORE_UNREADABLE', details: { file } })
    }
  },
)

test.each(layoutNames)('a store of another space is refused and left untouched (%s)', async (name) => {
  await using folder = await temporaryFolder()
  const before = await createStore(folder.path, name)
  const text = await readFile(join(folder.path, roots[name]), 'utf8')
  const tree = await treeOf(folder.path)
  const other = { ...space, fingerprint: sha256('another') }
  for (const mode of ['read', 'write'] as const) {
    const opening = openJsonStore({ path: folder.path, mode, space: other })
    await expect(opening).rejects.toMatchObject({ code: 'STORE_SPACE_MISMATCH' })
  }
  expect(await readFile(join(folder.path, roots[name]), 'utf8')).toBe(text)
  expect(await treeOf(folder.path)).toEqual(tree)
  await using store = await openWriter(folder.path, name)
  expect(await pictureOf(store)).toEqual(before)
})

test.each(layoutNames)('a newer format is refused and left untouched (%s)', async (name) => {
  await using folder = await temporaryFolder()
  await createStore(folder.path, name)
  const path = join(folder.path, roots[name])
  const newer = (await readFile(path, 'utf8')).replace('"version": 1', '"version": 2')
  await writeFile(path, newer)
  await mkdir(join(folder.path, 'chunks'), { recursive: true })
  await writeFile(join(folder.path, 'chunks', '00000099.jsonl'), 'what a newer version keeps here')
  const tree = await treeOf(folder.path)
  for (const mode of ['read', 'write'] as const) {
    const opening = openJsonStore({ path: folder.path, mode, space })
    await expect(opening).rejects.toMatchObject({ code: 'STORE_NEWER', details: { version: 2 } })
  }
  expect(await readFile(path, 'utf8')).toBe(newer)
  expect(await treeOf(folder.path)).toEqual(tree)
})

test('a second writer is told the process that writes', async () => {
  await using folder = await temporaryFolder()
  await using _ = await openWriter(folder.path)
  await expect(openWriter(folder.path)).rejects.toMatchObject({
    code: 'STORE_BUSY',
    message: expect.stringContaining(String(process.pid)) as string,
  })
})

test.each(layoutNames)(
  'a second writer that waits gets in when the first closes, and sees its commits (%s)',
  async (name) => {
    await using folder = await temporaryFolder()
    const first = await openWriter(folder.path, name)
    const waiting = openJsonStore({ path: folder.path, mode: 'write', waitSeconds: 60 })
    await delay(30)
    await first.commit({ put: sampleSources(0, 3) })
    const before = await pictureOf(first)
    await first.close()
    await using second = await waiting
    expect(await pictureOf(second)).toEqual(before)
  },
)

test('waiting for another writer can be aborted', async () => {
  await using folder = await temporaryFolder()
  await using _ = await openWriter(folder.path)
  const reason = new Error('enough')
  const controller = new AbortController()
  const waiting = openJsonStore({ path: folder.path, mode: 'write', waitSeconds: 60, signal: controller.signal })
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
})

test.each(layoutNames)('a writer removes what a killed one left, and nothing else (%s)', async (name) => {
  await using folder = await temporaryFolder()
  const before = await createStore(folder.path, name)
  for (const kept of ['chunks', 'sources']) await mkdir(join(folder.path, kept), { recursive: true })
  const tree = await treeOf(folder.path)
  const foreign = ['README.txt', join('chunks', 'note.txt'), join('sources', '7.jsonl')]
  const orphans = [
    join('chunks', '00000099.jsonl'),
    join('sources', '00000098.jsonl'),
    join('chunks', '00000097.jsonl.gz'),
    'manifest.json.01234567-89ab-cdef-0123-456789abcdef.tmp',
    'embeddings.json.01234567-89ab-cdef-0123-456789abcdef.tmp',
  ]
  for (const file of [...foreign, ...orphans]) await writeFile(join(folder.path, file), 'half a li')
  await (await openJsonStore({ path: folder.path, mode: 'read' })).close()
  expect(await treeOf(folder.path)).toEqual([...tree, ...foreign, ...orphans].toSorted())
  await using store = await openWriter(folder.path, name)
  expect(await treeOf(folder.path)).toEqual([...tree, ...foreign, 'LOCK'].toSorted())
  expect(await pictureOf(store)).toEqual(before)
})

test('a store works on after its empty folders were lost, as in a git checkout', async () => {
  await using folder = await temporaryFolder()
  await (await openWriter(folder.path)).close()
  for (const name of ['chunks', 'sources']) await rm(join(folder.path, name), { recursive: true })
  await (await openJsonStore({ path: folder.path, mode: 'read' })).close()
  const before = await createStore(folder.path)
  await using reader = await openJsonStore({ path: folder.path, mode: 'read' })
  expect(await pictureOf(reader)).toEqual(before)
})

test.each(layoutNames)('a copied or moved store is the same store (%s)', async (name) => {
  await using folder = await temporaryFolder()
  const before = await createStore(join(folder.path, 'a'), name)
  await cp(join(folder.path, 'a'), join(folder.path, 'b'), { recursive: true })
  await using store = await openWriter(join(folder.path, 'b'), name)
  expect(await pictureOf(store)).toEqual(before)
})

test.each(layoutNames)(
  'a writer whose store was changed by another program refuses to overwrite it (%s)',
  async (name) => {
    await using folder = await temporaryFolder()
    await using first = await openWriter(folder.path, name)
    await first.commit({ put: sampleSources(0, 1) })
    await rm(join(folder.path, 'LOCK'))
    await using second = await openWriter(folder.path, name)
    await second.commit({ put: sampleSources(1, 1) })
    await expect(first.commit({ put: sampleSources(2, 1) })).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' })
    await using reader = await openJsonStore({ path: folder.path, mode: 'read' })
    expect(await pictureOf(reader)).toEqual(await pictureOf(second))
  },
)

test.each([
  ['an empty path', { path: '' }],
  ['a space without dimensions', { space: { ...space, dimensions: 0 } }],
  ['a negative wait', { waitSeconds: -1 }],
  ['an unknown layout', { layout: 'rows' as 'auto' }],
  ['an unknown encoding', { encoding: 'hex' as 'base64' }],
  ['an unknown compression', { compression: 'rar' as 'none' }],
  ['half a chunk as a limit', { singleFileChunks: 0.5 }],
])('%s is refused', async (_, change) => {
  await using folder = await temporaryFolder()
  const opening = openJsonStore({ path: folder.path, mode: 'write', space, ...change })
  await expect(opening).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})

test('a small store is one file, which says what it is when it is new and empty, too', async () => {
  await using folder = await temporaryFolder()
  await using _ = await openJsonStore({ path: folder.path, mode: 'write', space })
  expect(await treeOf(folder.path)).toEqual(['LOCK', 'embeddings.json'])
  const text = await readFile(join(folder.path, 'embeddings.json'), 'utf8')
  expect(JSON.parse(text)).toMatchObject({ version: 1, model: space.model, count: 0, sources: [], embeddings: [] })
})

test('a single file whose head is not read in one go is opened like any other', async () => {
  await using folder = await temporaryFolder()
  const sources = Array.from({ length: 3000 }, (_, index) => sourceOf(`${'long'.repeat(200)}/${1000 + index}`, []))
  {
    await using store = await openJsonStore({ path: folder.path, mode: 'write', space, layout: 'single' })
    await store.commit({ put: sources })
  }
  const content = await readFile(join(folder.path, 'embeddings.json'))
  expect(content.indexOf('"embeddings": [')).toBeGreaterThan(2 * 2 ** 20)
  await using store = await openJsonStore({ path: folder.path, mode: 'read' })
  expect(await collect(store.listSources())).toEqual(sources.map(({ state }) => state))
})

test('a file of embeddings that another program has written is neither a store nor overwritten', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'embeddings.json')
  const text = JSON.stringify({ version: '1.0', model: 'm', dimensions: 2, embeddings: [] })
  await writeFile(path, text)
  for (const mode of ['read', 'write'] as const) {
    const opening = openJsonStore({ path: folder.path, mode, space })
    await expect(opening).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining(path) as string,
    })
  }
  expect(await treeOf(folder.path)).toEqual(['embeddings.json'])
  expect(await readFile(path, 'utf8')).toBe(text)
})

test('a single file beside a manifest is removed by the next writer if the store has grown from it, and only then', async () => {
  await using folder = await temporaryFolder()
  await using other = await temporaryFolder()
  const path = join(folder.path, 'embeddings.json')
  await createStore(other.path, 'a single file')
  await delay(2)
  await createStore(folder.path, 'a single file')
  const [grownFrom, foreign] = await Promise.all([readFile(path), readFile(join(other.path, 'embeddings.json'))])
  {
    await using store = await openJsonStore({ path: folder.path, mode: 'write', layout: 'segments' })
    await store.commit({ put: sampleSources(0, 3) })
  }
  const tree = await treeOf(folder.path)
  expect(tree).not.toContain('embeddings.json')
  for (const [left, content] of [
    [[], grownFrom],
    [['embeddings.json'], foreign],
    [['embeddings.json'], 'mine'],
  ] as const) {
    await writeFile(path, content)
    await using store = await openWriter(folder.path)
    expect((await store.stats()).sources).toBe(3)
    expect(await treeOf(folder.path)).toEqual([...tree, ...left, 'LOCK'].toSorted())
  }
})

test('readers that open while a store grows see it before or after', async () => {
  await using folder = await temporaryFolder()
  for (let round = 0; round < 30; round++) {
    const path = join(folder.path, String(round))
    await using writer = await openWriter(path, 'a single file that grows')
    await writer.commit({ put: sampleSources(0, 3) })
    const growth = writer.commit({ put: sampleSources(3, 3) })
    const progress = { grown: false }
    const grown = growth.then(() => (progress.grown = true))
    while (!progress.grown) {
      await using reader = await openJsonStore({ path, mode: 'read' })
      const { sources, chunks } = await reader.stats()
      expect([
        [3, 6],
        [6, 12],
      ]).toContainEqual([sources, chunks])
    }
    await grown
  }
})
