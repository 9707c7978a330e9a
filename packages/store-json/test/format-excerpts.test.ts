import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openJsonStore } from '../src/index.ts'
import { collect } from './sample-store.ts'

/** The files that FORMAT.md shows, in order. */
async function excerpts(): Promise<string[]> {
  const text = await readFile(new URL('../FORMAT.md', import.meta.url), 'utf8')
  return Array.from(text.matchAll(/```json\n([^]*?)```/g), ([, excerpt = '']) => excerpt)
}

test.each([
  ['a single file', ['embeddings.json'], 0],
  ['segments', ['manifest.json', 'sources/00000001.jsonl', 'chunks/00000002.jsonl'], 1],
] as const)('what FORMAT.md shows of %s is a sound store, to the last byte', async (_, names, first) => {
  await using folder = await temporaryFolder()
  const shown = await excerpts()
  expect(shown).toHaveLength(5)
  for (const [index, name] of names.entries()) {
    await mkdir(dirname(join(folder.path, name)), { recursive: true })
    await writeFile(join(folder.path, name), shown[first + index] ?? '')
  }
  await using store = await openJsonStore({ path: folder.path, mode: 'read' })
  expect(await collect(store.verify())).toEqual([])
  const chunks = await collect(store.getChunks())
  expect(chunks.map(({ pageContent, vector }) => [pageContent, vector])).toEqual([
    ['A quern is a hand mill.', Float32Array.from([0.6, 0.8])],
  ])
})

test('what FORMAT.md shows of generations leads to the generation that counts', async () => {
  await using folder = await temporaryFolder()
  const [single = '', , , , record = ''] = await excerpts()
  await writeFile(join(folder.path, 'generation.json'), record)
  const { current } = JSON.parse(record) as { readonly current: string }
  const place = join(folder.path, 'generations', current)
  await mkdir(place, { recursive: true })
  await writeFile(join(place, 'embeddings.json'), single)
  await using store = await openJsonStore({ path: folder.path, mode: 'read' })
  expect(await store.stats()).toMatchObject({ location: place, chunks: 1 })
})
