import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoreBatch } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { commitBatch } from '../src/commit/commit-batch.ts'
import { readRoot } from '../src/files/read-root.ts'
import type { StoredRoot } from '../src/files/read-root.ts'
import type { StoreLayout } from '../src/index.ts'
import { openJsonStore } from '../src/index.ts'
import { openStore } from '../src/open-store.ts'
import { loadContents } from '../src/store-contents.ts'
import { resolveWriting } from '../src/writing-options.ts'
import { collect, pictureOf, sampleSources, sourceOf, space } from './sample-store.ts'
import { hastyOperations } from './watched-operations.ts'

/** For each chunk in the chunk files of a store, whether its embedding is a list or a string. */
async function embeddingsOf(path: string): Promise<string[]> {
  const kinds: string[] = []
  for (const name of (await readdir(join(path, 'chunks'))).toSorted()) {
    for (const line of (await readFile(join(path, 'chunks', name), 'utf8')).trimEnd().split('\n')) {
      const { embedding } = JSON.parse(line) as { embedding?: unknown }
      if (embedding !== undefined) kinds.push(Array.isArray(embedding) ? 'decimal' : 'base64')
    }
  }
  return kinds
}

test('vectors are decimals while a store holds ten thousand chunks, and base64 beyond', async () => {
  await using folder = await temporaryFolder()
  await using store = await openStore({ path: folder.path, mode: 'write', space }, hastyOperations)
  await store.commit({ put: sampleSources(0, 5000) })
  await store.commit({ put: sampleSources(5000, 1) })
  const kinds = await embeddingsOf(folder.path)
  expect(kinds.slice(0, -2).every((kind) => kind === 'decimal')).toBe(true)
  expect(kinds.slice(-2)).toEqual(['base64', 'base64'])
  expect(kinds).toHaveLength(10_002)
})

test.each(['decimal', 'base64'] as const)(
  'an encoding that is asked for is used whatever the size (%s)',
  async (encoding) => {
    await using folder = await temporaryFolder()
    const options = { path: folder.path, mode: 'write', space, layout: 'segments', encoding } as const
    await using store = await openStore(options, hastyOperations)
    await store.commit({ put: sampleSources(0, 2) })
    expect(await embeddingsOf(folder.path)).toEqual(Array.from({ length: 4 }, () => encoding))
  },
)

test('a store of at most two thousand chunks is a single file, a larger one is not', async () => {
  await using folder = await temporaryFolder()
  await using store = await openStore({ path: folder.path, mode: 'write', space }, hastyOperations)
  await store.commit({ put: sampleSources(0, 1000) })
  expect(await readdir(folder.path)).toEqual(['LOCK', 'embeddings.json'])
  const before = await pictureOf(store)
  await store.commit({ put: [sourceOf('one.md', ['more'])] })
  expect((await readdir(folder.path)).toSorted()).toEqual(['LOCK', 'chunks', 'manifest.json', 'sources'])
  await store.commit({ delete: ['one.md'] })
  const { hits: _, ...left } = (await pictureOf(store)) as { hits: unknown }
  expect(before).toMatchObject(left)
})

/** Commits to a store whose single file may have so few bytes of entries. */
async function commitWithLimit(path: string, layout: StoreLayout, batch: StoreBatch): Promise<void> {
  const contents = await loadContents(path, (await readRoot(path)) as StoredRoot, {})
  const writing = { ...resolveWriting({ path, mode: 'write', layout }), longestSingleFile: 6000 }
  try {
    await commitBatch({ contents, operations: hastyOperations, writing }, batch, {})
  } finally {
    await contents.chunkFiles.close()
  }
}

test('a store that would be too long for a single file grows, or refuses when it must not', async () => {
  await using folder = await temporaryFolder()
  const path = folder.path
  await (await openJsonStore({ path, mode: 'write', space })).close()
  await commitWithLimit(path, 'single', { put: sampleSources(0, 2) })
  const refused = commitWithLimit(path, 'single', { put: sampleSources(2, 20) })
  await expect(refused).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  expect(await readdir(path)).toEqual(['embeddings.json'])
  await commitWithLimit(path, 'auto', { put: sampleSources(2, 20) })
  await using store = await openJsonStore({ path, mode: 'read' })
  expect((await store.stats()).sources).toBe(22)
  expect(await collect(store.verify())).toEqual([])
  expect((await readdir(path)).toSorted()).toEqual(['chunks', 'manifest.json', 'sources'])
})

test('a single file is the same whatever the order of the commits, but for the time of the last', async () => {
  await using folder = await temporaryFolder()
  const [a, b, c] = [sourceOf('a.md', ['a']), sourceOf('b.md', ['b', 'bb']), sourceOf('c.md', [])]
  const orders = [
    [{ put: [a, b, c] }],
    [{ put: [c] }, { put: [sourceOf('b.md', ['older'])] }, { put: [b] }, { put: [a] }],
  ]
  const entries: string[] = []
  for (const [index, batches] of orders.entries()) {
    const path = join(folder.path, String(index))
    await using store = await openStore({ path, mode: 'write', space, layout: 'single' }, hastyOperations)
    for (const batch of batches) await store.commit(batch)
    const { embeddings, sources } = JSON.parse(await readFile(join(path, 'embeddings.json'), 'utf8')) as Record<
      string,
      unknown
    >
    entries.push(JSON.stringify([embeddings, sources]))
  }
  expect(entries[1]).toBe(entries[0])
})
