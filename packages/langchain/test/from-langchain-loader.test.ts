import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DirectoryLoader } from '@langchain/classic/document_loaders/fs/directory'
import { TextLoader } from '@langchain/classic/document_loaders/fs/text'
import { Document } from '@langchain/core/documents'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { fromLangChainLoader } from '../src/index.ts'

async function listSources(loader: ReturnType<typeof fromLangChainLoader>) {
  const entries = await Array.fromAsync(loader.list())
  return entries.flatMap((entry) => (entry.type === 'source' ? [entry.source] : []))
}

test('documents of one source are one, with its pages', async () => {
  const pages = [1, 2].map(
    (pageNumber) =>
      new Document({
        pageContent: `page ${pageNumber}\r\n`,
        metadata: { source: '/x/a.pdf', loc: { pageNumber }, pdf: { n: 2 } },
      }),
  )
  const loader = fromLangChainLoader(
    { load: async () => [...pages, new Document({ pageContent: 'b', metadata: {} })] },
    { name: 'lc' },
  )
  const [first, second] = await listSources(loader)
  expect(first?.id).toBe('lc/2')
  expect(await second?.load()).toMatchObject({
    document: {
      id: 'lc/x/a.pdf',
      pageContent: 'page 1\n\n\npage 2\n',
      metadata: { source: 'lc/x/a.pdf', pdf: { n: 2 } },
      segments: [
        { start: 0, end: 7, page: 1 },
        { start: 9, end: 16, page: 2 },
      ],
    },
    contentHash: second?.contentHash,
  })
  expect(loader.covers('lc/gone')).toBe(true)
  expect(loader.covers('docs/gone')).toBe(false)
})

test('rows of one file are told apart, and only what all of them say is said of the file', async () => {
  const rows = ['rye', 'wheat'].map(
    (grain, at) =>
      new Document({ pageContent: grain, metadata: { source: 'C:\\data\\g.csv', line: at + 1, grain, year: 2026 } }),
  )
  const [source] = await listSources(fromLangChainLoader({ load: async () => rows }, { name: 'lc' }))
  expect((await source?.load())?.document).toEqual({
    id: 'lc/C:/data/g.csv',
    pageContent: 'rye\n\nwheat',
    metadata: { source: 'lc/C:/data/g.csv', year: 2026 },
    segments: [
      { start: 0, end: 3, record: '1' },
      { start: 5, end: 10, record: '2' },
    ],
  })
})

test('half an emoji in text or metadata is replaced, for no store takes it', async () => {
  const torn = new Document({ pageContent: 'a\ud83d', metadata: { source: 'a', title: '\ude00b' } })
  const [source] = await listSources(fromLangChainLoader({ load: async () => [torn] }, { name: 'lc' }))
  const { document } = (await source?.load()) ?? {}
  expect([document?.pageContent, document?.metadata.title]).toEqual(['a\ufffd', '\ufffdb'])
})

async function hashOnPage(pageNumber: number): Promise<string | undefined> {
  const document = new Document({ pageContent: 'text', metadata: { source: 'a', loc: { pageNumber } } })
  const [source] = await listSources(fromLangChainLoader({ load: async () => [document] }, { name: 'lc' }))
  return source?.contentHash
}

test('the same text on other pages is a change', async () => {
  expect(await hashOnPage(1)).toBe(await hashOnPage(1))
  expect(await hashOnPage(2)).not.toBe(await hashOnPage(1))
})

test('LangChain’s own loader of folders feeds the same sources each time', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'a.txt'), 'one')
  await writeFile(join(folder.path, 'b.txt'), 'two')
  const loader = fromLangChainLoader(new DirectoryLoader(folder.path, { '.txt': (path) => new TextLoader(path) }), {
    name: 'lc',
  })
  const before = await listSources(loader)
  await writeFile(join(folder.path, 'b.txt'), 'TWO')
  const after = await listSources(loader)
  expect(before).toHaveLength(2)
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
  expect(after.map(({ contentHash }, index) => contentHash === before[index]?.contentHash)).toEqual([true, false])
})

test('a loader that fails fails the listing', async () => {
  const loader = fromLangChainLoader({ load: async () => Promise.reject(new Error('offline')) }, { name: 'lc' })
  await expect(listSources(loader)).rejects.toThrow('offline')
})
