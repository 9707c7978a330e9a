import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SearchHit, SearchQuery, VectorStore } from '@quern/core'
import { createMemoryStore } from '@quern/core'
import { runNode, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openJsonStore } from '../../src/index.ts'
import { openStore } from '../../src/open-store.ts'
import { collect, sampleSources, sourceOf, space, vectorOf } from '../sample-store.ts'
import { hastyOperations } from '../watched-operations.ts'

const packageFolder = fileURLToPath(new URL('../..', import.meta.url))
const query: SearchQuery = { mode: 'vector', vector: vectorOf('text of 3'), limit: 3 }

test('a long-lived writer that searches between commits answers from what is stored, a hundred times', async () => {
  await using folder = await temporaryFolder()
  await using store = await openStore({ path: folder.path, mode: 'write', space }, hastyOperations)
  const reference = createMemoryStore({ space })
  for (let i = 0; i < 100; i++) {
    const texts = Array.from({ length: 1 + ((i * 5) % 9) }, (_, k) => `text ${k} of version ${i}`)
    const batch = { put: [sourceOf(`docs/${i % 7}.md`, texts)], delete: [`docs/${(i + 3) % 7}.md`] }
    await Promise.all([store.commit(batch), reference.commit(batch)])
    const search: SearchQuery = { ...query, vector: vectorOf(`text 0 of version ${i}`), limit: 5 }
    expect(await store.search(search)).toEqual(await reference.search(search))
    const byWords: SearchQuery = { ...search, mode: 'keyword', text: `version ${i} text 3` }
    expect(await store.search(byWords)).toEqual(await reference.search(byWords))
  }
})

test('a search whose load is aborted rejects with the reason, and the next one loads what is missing', async () => {
  await using folder = await temporaryFolder()
  await using store = await openStore({ path: folder.path, mode: 'write', space }, hastyOperations)
  const texts = Array.from({ length: 10_000 }, (_, i) => `text ${i}`)
  await store.commit({ put: [sourceOf('large.md', texts)] })
  for (const mode of ['vector', 'keyword', 'hybrid'] as const) {
    const reason = new Error('enough')
    const controller = new AbortController()
    setImmediate(() => controller.abort(reason))
    const search = { ...query, mode, text: 'text 7', signal: controller.signal }
    await expect(store.search(search)).rejects.toBe(reason)
  }
  const hits = await store.search({ ...query, mode: 'hybrid', text: '9999', vector: vectorOf('text 9999'), limit: 1 })
  expect(hits.map(({ chunk }) => chunk.pageContent)).toEqual(['text 9999'])
})

test('other work runs while many rows are loaded, compared and filtered', async () => {
  await using folder = await temporaryFolder()
  await using store = await openStore({ path: folder.path, mode: 'write', space }, hastyOperations)
  const texts = Array.from({ length: 10_000 }, (_, i) => `text ${i}`)
  await store.commit({ put: [sourceOf('large.md', texts)] })
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await store.search({ ...query, mode: 'hybrid', text: 'text', filter: { field: 'chunk', op: 'gte', value: 1 } })
  clearInterval(timer)
  expect(turns).toBeGreaterThan(5)
})

test.each([3, 40])(
  'how rare a word is follows from what is stored, not from what was: as in a store that is opened anew (%i times in a text)',
  async (times) => {
    await using folder = await temporaryFolder()
    const open = (): Promise<VectorStore> => openStore({ path: folder.path, mode: 'write', space }, hastyOperations)
    const search: SearchQuery = { mode: 'keyword', text: 'rye oats', limit: 100 }
    const texts = Array.from({ length: 9 }, (_, i) => `oats ${'rye '.repeat(i % 2 === 0 ? times : 1)} text ${i}`)
    let hits: readonly SearchHit[]
    {
      await using store = await open()
      await store.commit({ put: ['a', 'b', 'c', 'd'].map((id) => sourceOf(id, texts)) })
      expect(await store.search(search)).toHaveLength(36)
      await store.commit({ put: [sourceOf('b', ['oats', 'wheat'])], delete: ['a', 'c'] })
      hits = await store.search(search)
    }
    await using store = await open()
    const fresh = await store.search(search)
    expect(hits).toEqual(fresh)
  },
)

test('changing the query after the call changes no answer', async () => {
  await using folder = await temporaryFolder()
  await using store = await openJsonStore({ path: folder.path, mode: 'write', space })
  await store.commit({ put: sampleSources(0, 5) })
  const expected = await store.search(query)
  const vector = vectorOf('text of 3')
  const given = { ...query, vector }
  const search = store.search(given)
  vector.fill(0)
  given.limit = 1
  expect(await search).toEqual(expected)
})

test('opening, listing and counting read no chunks, a search by vector reads all of them', async () => {
  await using folder = await temporaryFolder()
  const open = (mode: 'read' | 'write'): Promise<VectorStore> =>
    openJsonStore({ path: folder.path, mode, space, layout: 'segments' })
  {
    await using store = await open('write')
    await store.commit({ put: sampleSources(0, 5) })
  }
  const file = join(folder.path, 'chunks', '00000002.jsonl')
  const before = await readFile(file)
  // The file of chunks has its length and nothing else.
  await writeFile(file, Buffer.alloc(before.length))
  for (const mode of ['read', 'write'] as const) {
    await using store = await open(mode)
    expect(await collect(store.listSources())).toHaveLength(5)
    expect(await store.stats()).toMatchObject({ sources: 5, chunks: 10 })
    await expect(store.search(query)).rejects.toMatchObject({ code: 'STORE_CORRUPT', details: { file } })
  }
})

test('texts are read for the hits only', async () => {
  await using folder = await temporaryFolder()
  await using store = await openJsonStore({ path: folder.path, mode: 'write', space, layout: 'segments' })
  await store.commit({ put: sampleSources(0, 5) })
  const expected = await store.search(query)
  const hits = new Set(expected.map(({ chunk }) => chunk.pageContent))
  const other = ['text of 0', 'text of 1', 'text of 2', 'text of 4'].find((text) => !hits.has(text)) ?? ''
  // The vectors are in memory by now. What is not among the hits is not looked at any more.
  const file = join(folder.path, 'chunks', '00000002.jsonl')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace(other, other.toUpperCase()))
  expect(await store.search(query)).toEqual(expected)
  const missed: SearchQuery = { ...query, vector: vectorOf(other), limit: 1 }
  await expect(store.search(missed)).rejects.toMatchObject({ code: 'STORE_CORRUPT', details: { file } })
})

const withoutWebAssembly = `
  const { openStore } = await import('./src/open-store.ts')
  const { hastyOperations } = await import('./test/watched-operations.ts')
  const { sampleSources, space, vectorOf } = await import('./test/sample-store.ts')
  Reflect.deleteProperty(globalThis, 'WebAssembly')
  const store = await openStore({ path: process.argv[1], mode: 'write', space }, hastyOperations)
  await store.commit({ put: sampleSources(0, 5) })
  const hits = await store.search({ mode: 'vector', vector: vectorOf('text of 3'), limit: 3 })
  await store.close()
  console.log(JSON.stringify({ wasm: typeof WebAssembly, hits }))
`

test('where there is no WebAssembly, searches answer the same', async () => {
  await using folder = await temporaryFolder()
  await using store = await openJsonStore({ path: `${folder.path}/a`, mode: 'write', space })
  await store.commit({ put: sampleSources(0, 5) })
  const args = ['--input-type=module', '--eval', withoutWebAssembly, `${folder.path}/b`]
  const { stdout, stderr } = await runNode(args, { cwd: packageFolder })
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual({ wasm: 'undefined', hits: await store.search(query) })
})
