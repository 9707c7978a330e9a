import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceChunks } from '@quern/core'
import { textHash } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openClassicFile, openJsonStore } from '../../src/index.ts'
import type { ClassicFileOptions } from '../../src/index.ts'
import { collect, sampleSources, space, vectorOf } from '../sample-store.ts'

interface Entry {
  readonly [key: string]: unknown
}

function entryOf(id: string, text: string, source?: string): Entry {
  const metadata = source === undefined ? { page: 3 } : { source, page: 3 }
  return { id, content: text, metadata, embedding: [...vectorOf(text)] }
}

const entries = [entryOf('1', 'wheat', 'a.md'), entryOf('2', 'rye', 'b.md'), entryOf('3', 'barley', 'a.md')]
const classic = {
  version: '1.0',
  model: 'sample',
  dimensions: 8,
  count: 3,
  created: '2025-01-02T03:04:05Z',
  embeddings: entries,
}

/** What a file with this content gives. */
async function readFileOf(
  content: unknown,
  options: Partial<ClassicFileOptions> = { space },
): Promise<{ sources: SourceChunks[]; expected: object; space: object }> {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'file.json')
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2))
  await using file = await openClassicFile({ path, ...options })
  return { sources: await collect(file.sources), expected: file.expected, space: file.space }
}

test('a file of the classic form gives its entries by source, vectors bit for bit', async () => {
  const { sources, expected, space: found } = await readFileOf(classic)
  expect(expected).toEqual({ sources: 2, chunks: 3 })
  expect(found).toEqual(space)
  expect(sources.map(({ state }) => [state.id, state.chunkCount])).toEqual([
    ['a.md', 2],
    ['b.md', 1],
  ])
  const chunks = sources.flatMap((source) => source.chunks)
  expect(chunks.map(({ id, pageContent }) => [id, pageContent])).toEqual([
    ['1', 'wheat'],
    ['3', 'barley'],
    ['2', 'rye'],
  ])
  for (const { pageContent, textHash: hash, vector, metadata, createdAt } of chunks) {
    expect(hash).toBe(textHash(pageContent))
    expect(vector).toEqual(vectorOf(pageContent))
    expect(metadata).toMatchObject({ page: 3, start: 0, end: pageContent.length })
    expect(createdAt).toBe('2025-01-02T03:04:05.000Z')
  }
})

test('a store takes over what a classic file gives, and finds its vectors again by their texts', async () => {
  await using folder = await temporaryFolder()
  const { sources } = await readFileOf(classic)
  await using store = await openJsonStore({ path: folder.path, mode: 'write', space })
  await store.commit({ put: sources })
  expect((await store.findVectors([textHash('rye')])).get(textHash('rye'))?.vector).toEqual(vectorOf('rye'))
  expect(await collect(store.verify())).toEqual([])
})

test('the single file of a store is such a file, which tells its space itself', async () => {
  await using folder = await temporaryFolder()
  const before = [...sampleSources(0, 3)]
  {
    await using store = await openJsonStore({ path: folder.path, mode: 'write', space, layout: 'single' })
    await store.commit({ put: before })
  }
  await using file = await openClassicFile({ path: join(folder.path, 'embeddings.json') })
  expect(file.space).toEqual(space)
  const sources = await collect(file.sources)
  expect(sources.map(({ chunks }) => chunks)).toEqual(before.map(({ chunks }) => chunks))
})

test('other names of members are understood, numbers as ids too, and entries without ids get the one of their text', async () => {
  const { sources } = await readFileOf(
    {
      embeddings: [
        { id: 7, text: 'wheat', vector: [...vectorOf('wheat')] },
        { content: 'rye', metadata: { source: 'b.md' }, embedding: [...vectorOf('rye')] },
      ],
    },
    { space, source: 'all of it' },
  )
  expect(sources.map(({ state, chunks }) => [state.id, chunks[0]?.id])).toEqual([
    ['all of it', '7'],
    ['b.md', expect.stringMatching(/^[0-9a-f]{64}$/) as string],
  ])
})

test('vectors of another length are brought to unit length, others are kept', async () => {
  const long = { ...entryOf('1', 'wheat', 'a.md'), embedding: [3, 4, 0, 0, 0, 0, 0, 0] }
  const { sources } = await readFileOf({ ...classic, count: 1, embeddings: [long] })
  expect(sources[0]?.chunks[0]?.vector).toEqual(Float32Array.from([0.6, 0.8, 0, 0, 0, 0, 0, 0]))
})

test.each<[string, object, Partial<ClassicFileOptions>, string, string]>([
  ['no space', classic, {}, 'OPTION_INVALID', 'space'],
  ['another model', { ...classic, model: 'other' }, { space }, 'STORE_SPACE_MISMATCH', 'other'],
  ['other dimensions', { ...classic, dimensions: 9 }, { space }, 'STORE_SPACE_MISMATCH', '9'],
  ['another fingerprint', { ...classic, fingerprint: 'f' }, { space }, 'STORE_SPACE_MISMATCH', 'space'],
  ['no dimensions that are some', { ...classic, dimensions: 'many' }, { space }, 'CORRUPT', 'many'],
  ['a wrong count', { ...classic, count: 4 }, { space }, 'CORRUPT', '4'],
  ['no entries', { version: '1.0' }, { space }, 'CORRUPT', 'embeddings'],
  ['an id twice', { ...classic, embeddings: [entries[0], entries[1], entries[0]] }, { space }, 'CORRUPT', 'id 1'],
  ['no source', { ...classic, count: 1, embeddings: [entryOf('1', 'a')] }, { space }, 'OPTION_INVALID', 'entry 0'],
  [
    'no content',
    { ...classic, count: 1, embeddings: [{ ...entries[0], content: 5 }] },
    { space },
    'CORRUPT',
    'content',
  ],
  [
    'odd metadata',
    { ...classic, count: 1, embeddings: [{ ...entries[0], metadata: [] }] },
    { space },
    'CORRUPT',
    'metadata',
  ],
  [
    'a short vector',
    { ...classic, count: 1, embeddings: [{ ...entries[0], embedding: [1] }] },
    { space },
    'VECTOR_INVALID',
    '1 numbers',
  ],
  [
    'no vector',
    { ...classic, count: 1, embeddings: [{ ...entries[0], embedding: {} }] },
    { space },
    'VECTOR_INVALID',
    'entry 0',
  ],
  [
    'a zero vector',
    { ...classic, count: 1, embeddings: [{ ...entries[0], embedding: Array.from({ length: 8 }, () => 0) }] },
    { space },
    'VECTOR_INVALID',
    'zero',
  ],
  [
    'a vector of null',
    { ...classic, count: 1, embeddings: [{ ...entries[0], embedding: Array.from({ length: 8 }, () => null) }] },
    { space },
    'VECTOR_INVALID',
    'numbers',
  ],
])('a file with %s is refused with the reason', async (_, content, options, code, reason) => {
  await expect(readFileOf(content, options)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(reason) as string,
  })
})

test('what is missing is asked for with the option that gives it', async () => {
  const { hint } = (await readFileOf(classic, {}).catch((error: unknown) => error as { hint: string })) as {
    hint: string
  }
  expect(hint).toContain('option space')
  expect(hint).toContain('sample')
})

test('another name of the same model is accepted when it is said to be one', async () => {
  const renamed = { ...classic, model: 'Xenova/sample' }
  const { space: found } = await readFileOf(renamed, { space, modelName: 'Xenova/sample' })
  expect(found).toEqual(space)
})

test.each(['', 'not JSON', '[]', '{"embeddings": [{"id": 1', '{"embeddings": [{"id": }]}'])(
  'a file with the content %j is refused',
  async (content) => {
    await expect(readFileOf(content)).rejects.toMatchObject({ code: 'CORRUPT' })
  },
)

test('a file that is missing, or none, is named', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'missing.json')
  await expect(openClassicFile({ path, space })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringContaining(path) as string,
  })
  await mkdir(path)
  await expect(openClassicFile({ path, space })).rejects.toMatchObject({ code: 'UNREADABLE' })
})

test('reading can be aborted', async () => {
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(readFileOf(classic, { space, signal })).rejects.toThrow('enough')
})
