import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceState, StoredChunk } from '@quern/core'
import { sha256 } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openJsonStore } from '../src/index.ts'
import { sourceOf, space } from './sample-store.ts'

async function linesOf(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8')
  expect(text.endsWith('\n')).toBe(true)
  return text.slice(0, -1).split('\n')
}

function textOf({ id, pageContent, textHash, metadata, createdAt }: StoredChunk): object {
  return { id, pageContent, textHash, metadata, createdAt }
}

test('a file of chunks is JSON lines with the exact vectors', async () => {
  await using folder = await temporaryFolder()
  const source = sourceOf('docs/é.md', ['first “text”\nof two lines', 'emoji 🌾', '\u2028 \u0000'])
  {
    await using store = await openJsonStore({ path: folder.path, mode: 'write', space })
    await store.commit({ put: [source] })
  }
  const chunks = (await linesOf(join(folder.path, 'chunks', '00000002.jsonl'))).map(
    (line) => JSON.parse(line) as StoredChunk,
  )
  expect(chunks.map(textOf)).toEqual(source.chunks.map(textOf))
  for (const [index, { vector }] of chunks.entries())
    expect(Float32Array.from(vector)).toEqual(source.chunks[index]?.vector)
})

test('a file of sources is JSON lines that say where the chunks stand', async () => {
  await using folder = await temporaryFolder()
  const sources = [sourceOf('docs/a.md', ['a', 'b']), sourceOf('docs/b.md', ['c']), sourceOf('docs/c.md', [])]
  await using store = await openJsonStore({ path: folder.path, mode: 'write', space })
  await store.commit({ put: sources })
  const content = await readFile(join(folder.path, 'chunks', '00000002.jsonl'))
  const records = (await linesOf(join(folder.path, 'sources', '00000001.jsonl'))).map(
    (line) =>
      JSON.parse(line) as {
        put: SourceState
        chunks?: { offset: number; bytes: number; sha256: string }
        textHashes: string[]
      },
  )
  expect(records.map(({ put }) => put)).toEqual(sources.map(({ state }) => state))
  expect(records.map(({ textHashes }) => textHashes)).toEqual(
    sources.map(({ chunks }) => chunks.map(({ textHash }) => textHash)),
  )
  for (const { chunks: range } of records.slice(0, 2)) {
    const { offset, bytes, sha256: checksum } = range ?? { offset: 0, bytes: 0, sha256: '' }
    expect(sha256(content.subarray(offset, offset + bytes))).toBe(checksum)
  }
  expect(records[2]?.chunks).toBeUndefined()
})

test('the manifest is JSON with a checksum over the rest of it', async () => {
  await using folder = await temporaryFolder()
  await using store = await openJsonStore({ path: folder.path, mode: 'write', space })
  await store.commit({ put: [sourceOf('docs/a.md', ['a', 'b'])] })
  const { sha256: checksum, ...content } = JSON.parse(await readFile(join(folder.path, 'manifest.json'), 'utf8')) as {
    sha256: string
  }
  expect(content).toMatchObject({ format: 'quern-store-json', version: 1, space, sources: 1, chunks: 2 })
  expect(sha256(JSON.stringify(content))).toBe(checksum)
})

test('the reported size is that of the files', async () => {
  await using folder = await temporaryFolder()
  await using store = await openJsonStore({ path: folder.path, mode: 'write', space })
  await store.commit({ put: [sourceOf('docs/a.md', ['a', 'b'])] })
  const files = (await readdir(folder.path, { recursive: true })).filter((name) => /\.jsonl?$/.test(name))
  const sizes = await Promise.all(files.map(async (name) => (await readFile(join(folder.path, name))).length))
  expect((await store.stats()).bytes).toBe(sizes.reduce((sum, size) => sum + size, 0))
})
