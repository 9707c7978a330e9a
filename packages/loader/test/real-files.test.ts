import { extname } from 'node:path'
import { corpusFolder, formatsFolder, officeFolder } from '@quern/test-fixtures'
import { afterAll, expect, test } from 'vitest'
import { openFileLoader } from '../src/index.ts'
import type { FileLoader } from '../src/index.ts'
import { listEntries, listSources } from './list-entries.ts'

/** What must come of a file that a person or a program wrote: its title, its media type, and a part of its text. */
const expected: { readonly [id: string]: readonly [title: string, mediaType: string, holds: string] } = {
  'corpus/compression/bzip2-manual.pdf': ['bzip2-manual', 'application/pdf', 'bzip2recover'],
  'corpus/compression/choosing-a-compressor.md': ['Choosing a compressor', 'text/markdown', '# Choosing a compressor'],
  'corpus/compression/zlib-faq.txt': ['zlib-faq', 'text/plain', 'Frequently Asked Questions'],
  'corpus/compression/zlib-usage-example.html': ['zlib Usage Example', 'text/html', '```\n'],
  'formats/code-cells.ipynb': ['Code Cells', 'application/x-ipynb+json', '```python\n6 * 7\n```'],
  'formats/countries.tsv': ['countries', 'text/tab-separated-values', 'AD\tAndorra\n'],
  'formats/debian-releases.csv': ['debian-releases', 'text/csv', '1.1,Buzz,buzz,'],
  'formats/debian-releases.jsonl#Buzz': ['Buzz', 'application/x-ndjson', 'version: 1.1\nseries: buzz\n'],
  'formats/debmake.epub': ['Guide for Debian Maintainers', 'application/epub+zip', '# Chapter 1. Overview'],
  'formats/deploying-docutils.rst': ['Deploying Docutils Securely', 'text/x-rst', '\n### File Creation\n'],
  'formats/deploying-docutils.tex': ['Deploying Docutils Securely', 'text/x-tex', '\n### File Creation\n'],
  'formats/dingus-fish.eml': ['Here is your dingus fish', 'message/rfc822', '# Here is your dingus fish\n\nHi there,'],
  'formats/headline.go': ['headline.go', 'text/x-source-code', 'func (d *Document)'],
  'formats/meta.json': ['meta.json', 'text/x-source-code', '"pages": ['],
  'formats/oceans.srt': ['oceans', 'application/x-subrip', '\n[ Splash!!! ]\n'],
  'formats/oceans.vtt': ['oceans', 'text/vtt', '\n[ Splash!!! ]\n'],
  'formats/org-syntax.org': ['Misc title', 'text/x-org', '## issues from goorgeous'],
  'formats/package-types.mdx': ['Package types', 'text/markdown', '## Application Packages'],
  'office/countries.ods': ['Population', 'application/vnd.oasis.opendocument.spreadsheet', '| Denmark |'],
  'office/footnotes.docx': ['footnotes', 'application/vnd.openxmlformats', 'Ouch'],
  'office/lists.odp': ['OL', 'application/vnd.oasis.opendocument.presentation', '- '],
  'office/lists.odt': ['lists', 'application/vnd.oasis.opendocument.text', '- '],
  'office/title.pptx': ['Presentation Title Text', 'application/vnd.openxmlformats', '# Presentation Title Text'],
  'office/values.xlsx': ['Values', 'application/vnd.openxmlformats', '| '],
}

async function openFixtures(): Promise<FileLoader> {
  return openFileLoader({
    roots: [corpusFolder, formatsFolder, officeFolder].map((path) => ({ path })),
    records: [{ files: ['**/*.jsonl'], id: 'codename' }],
  })
}

const loader = await openFixtures()
afterAll(() => loader.close())
const sources = new Map((await listSources(loader)).map((source) => [source.id, source]))

test('every real file of the fixtures is listed', async () => {
  const skipped = (await listEntries(loader)).filter(({ type }) => type === 'skipped')
  expect(skipped).toEqual([])
  expect(Object.keys(expected).filter((id) => !sources.has(id))).toEqual([])
})

test('there is one of each format', () => {
  const endings = new Set([...sources.keys()].map((id) => extname(id.split('#', 1)[0] ?? '')))
  const formats =
    'txt md mdx html pdf docx pptx xlsx odt ods odp epub csv tsv json jsonl ipynb rst org tex eml srt vtt go'
  expect(formats.split(' ').filter((format) => !endings.has(`.${format}`))).toEqual([])
})

test.each(Object.entries(expected))('%s has its title, media type and text', async (id, [title, mediaType, holds]) => {
  const { document } = await (sources.get(id) as NonNullable<ReturnType<typeof sources.get>>).load()
  expect(document.metadata.title).toContain(title)
  expect(document.metadata.mediaType).toContain(mediaType)
  expect(document.pageContent).toContain(holds)
  expect(document.pageContent).not.toContain('\uFFFD')
})

test('a second run gives the same documents, with the same metadata, hashes and recipes', async () => {
  await using again = await openFixtures()
  for (const source of await listSources(again)) {
    const before = sources.get(source.id)
    const { size, modifiedAt, recipe } = source
    expect({ size, modifiedAt, recipe }).toEqual({
      size: before?.size,
      modifiedAt: before?.modifiedAt,
      recipe: before?.recipe,
    })
    const loaded = await source.load()
    expect(loaded).toEqual(await before?.load())
    expect(await source.hash()).toBe(loaded.contentHash)
  }
})
