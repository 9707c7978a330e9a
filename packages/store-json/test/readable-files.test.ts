import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceState, StoredChunk } from '@quern/core'
import { sha256 } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openJsonStore } from '../src/index.ts'
import { sourceOf, space } from './sample-store.ts'

const header = { format: 'quern-store-json', version: 1, space }

/** The objects of a file of JSON lines. `check` is left out where it is the beginning of the checksum of all else. */
async function linesOf(path: string): Promise<object[]> {
  const text = await readFile(path, 'utf8')
  expect(text.endsWith('\n')).toBe(true)
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const { check, ...content } = JSON.parse(line) as { check?: string }
      expect([undefined, sha256(JSON.stringify(content)).slice(0, 16)]).toContain(check)
      return content
    })
}

function writtenForm({ pageContent, vector, ...chunk }: StoredChunk): object {
  const { id, metadata, textHash, createdAt } = chunk
  return { id, content: pageContent, metadata, textHash, createdAt, embedding: [...vector] }
}

test('a file of chunks is JSON lines with the exact vectors, each source sealed with its state', async () => {
  await using folder = await temporaryFolder()
  const sources = [
    sourceOf('docs/é.md', ['first “text”\nof two lines', 'emoji 🌾', '\u2028 \u0000']),
    sourceOf('docs/empty.md', []),
  ]
  await using store = await openJsonStore({ path: folder.path, mode: 'write', space, layout: 'segments' })
  await store.commit({ put: sources })
  const path = join(folder.path, 'chunks', '00000002.jsonl')
  const [first, ...lines] = await linesOf(path)
  expect(first).toMatchObject(header)
  const written = lines.slice(0, 3) as { embedding: ArrayLike<number> }[]
  for (const chunk of written) chunk.embedding = [...Float32Array.from(chunk.embedding)]
  expect(written).toEqual((sources[0]?.chunks ?? []).map(writtenForm))
  const sealed = (await readFile(path, 'utf8')).split('\n').slice(1, 4).join('\n')
  expect(lines.slice(3)).toEqual([
    { source: sources[0]?.state, chunks: 3, sha256: sha256(`${sealed}\n`) },
    { source: sources[1]?.state, chunks: 0, sha256: sha256('') },
  ])
})

test('a file of sources is JSON lines that say where the chunks stand', async () => {
  await using folder = await temporaryFolder()
  const sources = [sourceOf('docs/a.md', ['a', 'b']), sourceOf('docs/b.md', ['c']), sourceOf('docs/c.md', [])]
  await using store = await openJsonStore({ path: folder.path, mode: 'write', space, layout: 'segments' })
  await store.commit({ put: sources })
  await store.commit({ delete: ['docs/c.md'] })
  const content = await readFile(join(folder.path, 'chunks', '00000002.jsonl'))
  const lines = await linesOf(join(folder.path, 'sources', '00000001.jsonl'))
  expect(lines[0]).toMatchObject({ ...header, follows: null })
  expect(lines.at(-1)).toEqual({ end: 3 })
  const records = lines.slice(1, -1) as {
    put: SourceState
    chunks: { offset: number; bytes: number; sha256: string }
    textHashes: string[]
  }[]
  expect(records.map(({ put }) => put)).toEqual(sources.map(({ state }) => state))
  expect(records.map(({ textHashes }) => textHashes)).toEqual(
    sources.map(({ chunks }) => chunks.map(({ textHash }) => textHash)),
  )
  for (const { chunks } of records) {
    const { offset, bytes, sha256: checksum } = chunks
    expect(sha256(content.subarray(offset, offset + bytes))).toBe(checksum)
  }
  const [next, ...changes] = await linesOf(join(folder.path, 'sources', '00000003.jsonl'))
  expect(next).toMatchObject({ follows: 'sources/00000001.jsonl' })
  expect(changes).toEqual([{ delete: 'docs/c.md' }, { end: 1 }])
})

test('the manifest is JSON with a checksum over the rest of it', async () => {
  await using folder = await temporaryFolder()
  await using store = await openJsonStore({ path: folder.path, mode: 'write', space, layout: 'segments' })
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
