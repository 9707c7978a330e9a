import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { VectorStore } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openJsonStore } from '../../src/index.ts'
import { openStore } from '../../src/open-store.ts'
import { openVectorCache } from '../../src/search/vector-cache/open-vector-cache.ts'
import { sampleOf } from '../effort.ts'
import { hastyOperations, watchedOperations } from '../watched-operations.ts'
import { answersOf, cachedSource, cachesOf, wideSource, wideSpace } from './wide-store.ts'

function openWriter(path: string, vectorCache = true): Promise<VectorStore> {
  return openStore({ path, mode: 'write', space: wideSpace, layout: 'segments', vectorCache }, hastyOperations)
}

/** A store with two chunk files, closed. Returns what it answers. */
async function createStore(path: string): Promise<object> {
  await using store = await openWriter(path)
  await store.commit({ put: [cachedSource('a'), wideSource('empty', [])] })
  await store.commit({ put: [cachedSource('b'), cachedSource('c'), wideSource('d', ['one'])] })
  return await answersOf(store)
}

async function answersAt(path: string, vectorCache = true): Promise<object> {
  await using reader = await openJsonStore({ path, mode: 'read', vectorCache })
  return await answersOf(reader)
}

test('a writer that changed something leaves a cache for each chunk file, and readers answer the same from it', async () => {
  await using folder = await temporaryFolder()
  const answers = await createStore(folder.path)
  const caches = await cachesOf(folder.path)
  expect(caches.size).toBe(2)
  expect(await answersAt(folder.path)).toEqual(answers)
  expect(await answersAt(folder.path, false)).toEqual(answers)
  expect(await cachesOf(folder.path)).toEqual(caches)
})

test('rows are loaded from the cache: lines that are damaged are found out only when a hit is among them', async () => {
  await using folder = await temporaryFolder()
  await createStore(folder.path)
  const query = { mode: 'vector', limit: 1 } as const
  const sound = cachedSource('a').chunks[4]
  const damaged = cachedSource('b').chunks[4]
  const [, file = ''] = Array.from((await cachesOf(folder.path)).keys(), (path) =>
    path.replace(/cache.(\d+)\.vectors$/, join('chunks', '$1.jsonl')),
  )
  const lines = await readFile(file, 'utf8')
  await writeFile(file, lines.replaceAll('text 4 of b', 'text 4 of x'))
  await using reader = await openJsonStore({ path: folder.path, mode: 'read' })
  const [hit] = await reader.search({ ...query, vector: sound?.vector ?? new Float32Array() })
  expect(hit?.chunk.id).toBe(sound?.id)
  const search = reader.search({ ...query, vector: damaged?.vector ?? new Float32Array() })
  await expect(search).rejects.toMatchObject({ code: 'STORE_CORRUPT', details: { file } })
})

test(
  'a cache with any byte changed, or cut off anywhere, or empty, changes no answer',
  { timeout: 300_000 },
  async () => {
    await using folder = await temporaryFolder()
    const answers = await createStore(folder.path)
    for (const [path, content] of await cachesOf(folder.path)) {
      const steps = [0, 1, 0.2, 0.5, 0.8, 0.97, 0.98, 0.985, 0.99, 0.995, 0.999]
      const places = steps.map((part) => Math.floor(part * (content.length - 1)))
      const fromEnd = [20, 40, 50, 90].map((bytes) => content.length - bytes)
      for (const at of sampleOf([...places, ...fromEnd], 3)) {
        const changed = Buffer.from(content)
        changed[at] = (changed[at] as number) ^ (1 << (at % 8))
        for (const left of [changed, content.subarray(0, at)]) {
          await writeFile(path, left)
          expect(await answersAt(folder.path)).toEqual(answers)
        }
      }
      await writeFile(path, content)
    }
  },
)

test('caches of another store under the same names are not used', async () => {
  await using folder = await temporaryFolder()
  const [path, other] = [join(folder.path, 'a'), join(folder.path, 'b')]
  const answers = await createStore(path)
  {
    await using store = await openWriter(other)
    await store.commit({ put: [cachedSource('a', 'another'), wideSource('empty', [])] })
    await store.commit({ put: [cachedSource('b', 'other'), cachedSource('c', 'words'), wideSource('d', ['two'])] })
  }
  await rm(join(path, 'cache'), { recursive: true })
  await cp(join(other, 'cache'), join(path, 'cache'), { recursive: true })
  expect((await cachesOf(path)).size).toBe(2)
  expect(await answersAt(path)).toEqual(answers)
})

test('a cache of another version of the form is not used, and verify says so, not that the store is damaged', async () => {
  await using folder = await temporaryFolder()
  const answers = await createStore(folder.path)
  const caches = await cachesOf(folder.path)
  for (const [path, content] of caches) {
    const version = content.length - 56 + 'quern-vectors-'.length
    await writeFile(
      path,
      Buffer.concat([content.subarray(0, version), Buffer.from('1'), content.subarray(version + 1)]),
    )
  }
  expect(await answersAt(folder.path)).toEqual(answers)
  {
    await using store = await openWriter(folder.path)
    expect((await Array.fromAsync(store.verify())).map(({ message }) => message)).toEqual(
      Array.from(caches, () => expect.stringContaining('or of another version') as string),
    )
    await store.maintain()
    expect(await Array.fromAsync(store.verify())).toEqual([])
  }
  expect(await answersAt(folder.path)).toEqual(answers)
})

test('a cache that is older than its store serves the sources that stayed', async () => {
  await using folder = await temporaryFolder()
  await createStore(folder.path)
  {
    await using store = await openWriter(folder.path, false)
    await store.commit({ put: [wideSource('b', ['text 3 of b', 'new'])], delete: ['d'] })
  }
  expect(await answersAt(folder.path)).toEqual(await answersAt(folder.path, false))
})

test('caches follow the chunk files: written anew, removed, never touched by readers or by writers that change nothing', async () => {
  await using folder = await temporaryFolder()
  await createStore(folder.path)
  const before = await cachesOf(folder.path)
  await (await openWriter(folder.path)).close()
  expect(await cachesOf(folder.path)).toEqual(before)
  {
    await using store = await openWriter(folder.path)
    await store.commit({ delete: ['a'] })
  }
  expect([...(await cachesOf(folder.path)).keys()]).toEqual([...before.keys()].slice(1))
  {
    await using store = await openWriter(folder.path)
    await store.commit({ put: [cachedSource('a')] })
    await store.maintain()
    expect((await cachesOf(folder.path)).size).toBe(1)
    await store.commit({ delete: ['a', 'b', 'c'] })
  }
  expect((await cachesOf(folder.path)).size).toBe(0)
})

test('maintenance writes caches that are missing, damaged or cut off anew, and only those', async () => {
  await using folder = await temporaryFolder()
  await createStore(folder.path)
  {
    await using store = await openWriter(folder.path)
    await store.maintain()
  }
  const [[path, content]] = [...(await cachesOf(folder.path))] as [[string, Buffer]]
  const changed = Buffer.from(content)
  changed[1000] = 0x7f
  for (const left of [changed, content.subarray(0, 1000), Buffer.alloc(0)]) {
    await writeFile(path, left)
    await using store = await openWriter(folder.path)
    await store.maintain()
    expect(await cachesOf(folder.path)).toEqual(new Map([[path, content]]))
  }
  await rm(join(folder.path, 'cache'), { recursive: true })
  await using store = await openWriter(folder.path)
  await store.maintain()
  expect(await cachesOf(folder.path)).toEqual(new Map([[path, content]]))
})

test('sources are written together: a merge and its cache take as many writes as they have megabytes, not sources', async () => {
  await using folder = await temporaryFolder()
  let writes = 0
  const operations = watchedOperations(async (_, { name }) => {
    if (name === 'write') writes++
  })
  const store = await openStore({ path: folder.path, mode: 'write', space: wideSpace, layout: 'segments' }, operations)
  for (const part of ['a', 'b']) {
    await store.commit({ put: Array.from({ length: 100 }, (_, i) => wideSource(`${part}${i}`, [`${part} ${i}`])) })
  }
  writes = 0
  await store.maintain()
  // Some 9 MB of lines and 3 MB of vectors, the records and the manifest.
  expect(writes).toBeLessThan(30)
  await store.close()
  const answers = await answersAt(folder.path)
  expect(await answersAt(folder.path, false)).toEqual(answers)
})

test('without the option nothing is written and nothing is used', async () => {
  await using folder = await temporaryFolder()
  {
    await using store = await openWriter(folder.path, false)
    await store.commit({ put: [cachedSource('a')] })
    await store.maintain()
  }
  expect((await cachesOf(folder.path)).size).toBe(0)
})

test('a small store has no cache', async () => {
  await using folder = await temporaryFolder()
  await using store = await openWriter(folder.path)
  await store.commit({ put: [wideSource('a', ['one', 'two'])] })
  await store.maintain()
  expect((await cachesOf(folder.path)).size).toBe(0)
})

test(
  'a disk that is full at any step of writing caches fails nothing and leaves the store as it is',
  { timeout: 120_000 },
  async () => {
    await using folder = await temporaryFolder()
    let failing = 0
    for (let ended = false; !ended; failing++) {
      const path = join(folder.path, String(failing))
      let count = Number.NEGATIVE_INFINITY
      let failed = false
      const operations = watchedOperations(async (_, { half }) => {
        if (count++ !== failing) return
        failed = true
        await half()
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      })
      const store = await openStore({ path, mode: 'write', space: wideSpace, layout: 'segments' }, operations)
      await store.commit({ put: [cachedSource('b')] })
      const answers = await answersOf(store)
      count = 0
      await store.close()
      ended = !failed
      expect(await answersAt(path)).toEqual(answers)
      await using next = await openWriter(path)
      await next.maintain()
      expect([...(await cachesOf(path)).keys()].every((name) => name.endsWith('.vectors'))).toBe(true)
      expect((await cachesOf(path)).size).toBe(1)
    }
    expect(failing).toBeGreaterThan(5)
  },
)

test('a writer removes what a killed one left in the folder of caches, and nothing else', async () => {
  await using folder = await temporaryFolder()
  await createStore(folder.path)
  const before = [...(await cachesOf(folder.path)).keys()]
  const left = ['99999999.vectors', '00000002.vectors.01234567-89ab-cdef-0123-456789abcdef.tmp']
  for (const name of [...left, 'note.txt']) await writeFile(join(folder.path, 'cache', name), 'left')
  await (await openWriter(folder.path)).close()
  expect([...(await cachesOf(folder.path)).keys()]).toEqual([...before, join(folder.path, 'cache', 'note.txt')])
})

test('a folder with nothing but caches may become a store, one with other things beside them may not', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'cache'))
  await writeFile(join(folder.path, 'cache', '00000002.vectors'), 'left')
  await writeFile(join(folder.path, 'cache', 'note.txt'), 'mine')
  await expect(openWriter(folder.path)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  await rm(join(folder.path, 'cache', 'note.txt'))
  await (await openWriter(folder.path)).close()
  expect((await cachesOf(folder.path)).size).toBe(0)
})

test('a reader goes on when the caches go away, before and after its first search', async () => {
  await using folder = await temporaryFolder()
  const answers = await createStore(folder.path)
  await using early = await openJsonStore({ path: folder.path, mode: 'read' })
  await using late = await openJsonStore({ path: folder.path, mode: 'read' })
  expect(await answersOf(late)).toEqual(answers)
  await rm(join(folder.path, 'cache'), { recursive: true })
  expect(await answersOf(early)).toEqual(answers)
  expect(await answersOf(late)).toEqual(answers)
})

test('the reported size is that of the store without its caches', async () => {
  await using folder = await temporaryFolder()
  await createStore(folder.path)
  await using reader = await openJsonStore({ path: folder.path, mode: 'read' })
  const { bytes } = await reader.stats()
  await rm(join(folder.path, 'cache'), { recursive: true })
  await using again = await openJsonStore({ path: folder.path, mode: 'read' })
  expect((await again.stats()).bytes).toBe(bytes)
})

test('a cache of so many sources that its index is not read in one go is used like any other', async () => {
  await using folder = await temporaryFolder()
  const ids = Array.from({ length: 700 }, (_, i) => `source ${i}`)
  {
    await using store = await openWriter(folder.path)
    await store.commit({ put: ids.map((id) => wideSource(id, [`text of ${id}`])) })
  }
  const [[path, content]] = [...(await cachesOf(folder.path))] as [[string, Buffer]]
  const indexBytes = Number(content.readBigUInt64LE(content.length - 40))
  expect(indexBytes).toBeGreaterThan(2 ** 16)
  await using cache = await openVectorCache(path, wideSpace.dimensions)
  expect(cache?.sources).toHaveLength(ids.length)
  expect(await answersAt(folder.path)).toEqual(await answersAt(folder.path, false))
})
