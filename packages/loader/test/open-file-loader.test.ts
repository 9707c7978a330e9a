import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { loadFile, openFileLoader } from '../src/index.ts'
import { listLines, listSources } from './list-entries.ts'
import { writeTree } from './write-tree.ts'

const files = {
  'docs/a.md': '---\ntitle: First\nauthor: Ada\n---\n# Heading\n\nText.\n',
  'docs/b.html': '<!doctype html><html><head><title>Second</title></head><body><p>Some text.</p></body></html>',
  'docs/c.txt': 'Plain text.\r\n',
  'docs/d.png': '\u0089PNG',
}

describe('openFileLoader', () => {
  test('lists and loads every format that has a reader', async () => {
    await using folder = await temporaryFolder()
    await writeTree(folder.path, files)
    await using loader = await openFileLoader({ roots: [{ path: join(folder.path, 'docs') }] })
    expect(await listLines(loader)).toEqual(['docs/a.md', 'docs/b.html', 'docs/c.txt', 'docs/d.png UNSUPPORTED'])
    const sources = await listSources(loader)
    const documents = await Promise.all(sources.map(async (source) => (await source.load()).document))
    expect(documents).toMatchObject([
      { id: 'docs/a.md', metadata: { source: 'docs/a.md', title: 'First', author: 'Ada', mediaType: 'text/markdown' } },
      { id: 'docs/b.html', metadata: { source: 'docs/b.html', title: 'Second', mediaType: 'text/html' } },
      { id: 'docs/c.txt', pageContent: 'Plain text.\n', metadata: { title: 'c', mediaType: 'text/plain' } },
    ])
    expect(new Set(sources.map(({ recipe }) => recipe)).size).toBe(3)
  })

  test('rejects what createFileLoader rejects', async () => {
    await expect(openFileLoader({ roots: [] })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
    await expect(openFileLoader({ roots: [{ path: '/no/such/folder' }] })).rejects.toMatchObject({
      code: 'ROOT_NOT_FOUND',
    })
  })
})

describe('loadFile', () => {
  test('gives the document of one file', async () => {
    await using folder = await temporaryFolder()
    await writeTree(folder.path, files)
    const document = await loadFile(join(folder.path, 'docs/c.txt'))
    expect(document).toMatchObject({ id: 'docs/c.txt', pageContent: 'Plain text.\n' })
  })

  test('rejects for a folder, an unknown format, a file above the limit and a missing file', async () => {
    await using folder = await temporaryFolder()
    await writeTree(folder.path, files)
    const inDocs = (name: string): string => join(folder.path, 'docs', name)
    await expect(loadFile(inDocs(''))).rejects.toMatchObject({ code: 'OPTION_INVALID' })
    await expect(loadFile(inDocs('d.png'))).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      details: { reason: 'UNSUPPORTED' },
    })
    await expect(loadFile(inDocs('c.txt'), { maxFileBytes: 3 })).rejects.toMatchObject({ code: 'TOO_LARGE' })
    await expect(loadFile(inDocs('none.md'))).rejects.toMatchObject({ code: 'ROOT_NOT_FOUND' })
  })

  test('is ended by its signal', async () => {
    await using folder = await temporaryFolder()
    await writeTree(folder.path, files)
    const reason = new Error('enough')
    const loading = loadFile(join(folder.path, 'docs/c.txt'), { signal: AbortSignal.abort(reason) })
    await expect(loading).rejects.toBe(reason)
  })
})
