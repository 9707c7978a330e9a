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
