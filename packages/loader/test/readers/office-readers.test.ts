import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { officeFolder } from '@quern/test-fixtures'
import { createWorkerReaders } from '../../src/readers/worker-readers.ts'
import type { ReadResult } from '../../src/readers/reader.ts'
import { makeZip } from './make-zip.ts'
import { makeDocx, makeEpub, makeOdf, makePptx, makeXlsx } from './office-documents.ts'
import { readRequest } from './read-request.ts'

const office = createWorkerReaders()
afterAll(() => office.close())

async function read(ending: string, bytes: Uint8Array, timeoutMs = 20_000): Promise<ReadResult> {
  const reader = office.readers.find(({ extensions }) => extensions.includes(ending))
  return (reader as NonNullable<typeof reader>).read(readRequest(bytes, { sourceId: `docs/file${ending}`, timeoutMs }))
}

function places({ pageContent, segments = [] }: ReadResult): unknown[] {
  return segments.map(({ start, end, ...place }) => [place, pageContent.slice(start, end)])
}

const shape = (text: string, type = ''): string =>
  `<p:sp><p:nvPr>${type === '' ? '' : `<p:ph type="${type}"/>`}</p:nvPr><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:sp>`

const odfCell = (text: string): string => `<table:table-cell><text:p>${text}</text:p></table:table-cell>`

const odfSlide = (text: string): string =>
  `<draw:page><draw:frame><draw:text-box><text:p>${text}</text:p></draw:text-box></draw:frame></draw:page>`

const p = (text: string, settings = ''): string => `<w:p><w:pPr>${settings}</w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`

test('a Word document has headings, lists and tables, and says who wrote it', async () => {
  const cell = (text: string): string => `<w:tc>${p(text)}</w:tc>`
  const bytes = makeDocx(
    [
      p('Mills', '<w:pStyle w:val="berschrift1"/>'),
      '<w:p><w:r><w:t>Grain </w:t></w:r><w:del><w:r><w:delText>not</w:delText></w:r></w:del><w:r><w:tab/><w:t>&amp; flour</w:t></w:r></w:p>',
      p('Stones', '<w:pStyle w:val="Own"/>'),
      p('upper', '<w:numPr><w:ilvl w:val="0"/></w:numPr>'),
      p('lower', '<w:numPr><w:ilvl w:val="1"/></w:numPr>'),
      `<w:tbl><w:tr>${cell('a|b')}${cell('c')}</w:tr><w:tr>${cell('1')}<w:tc><w:tbl><w:tr>${cell('x')}${cell('y')}</w:tr></w:tbl></w:tc></w:tr></w:tbl>`,
      `<w:p><mc:AlternateContent><mc:Choice>${p('boxed')}</mc:Choice><mc:Fallback>${p('boxed')}</mc:Fallback></mc:AlternateContent></w:p>`,
    ].join(''),
    { 'word/footnotes.xml': `<w:footnotes xmlns:w="w">${p('A note.')}</w:footnotes>` },
  )
  const { pageContent, metadata } = await read('.docx', bytes)
  expect(pageContent).toBe(
    '# Mills\n\nGrain \t& flour\n\n## Stones\n\n- upper\n  - lower\n\n| a\\|b | c |\n| --- | --- |\n| 1 | x y |\n\nboxed\n\nA note.',
  )
  expect(metadata).toEqual({ title: 'On Mills', author: 'Ada', date: '2026-11-23T08:00:00Z', language: 'en' })
})

test('slides come in the order of the show, each with its number, its notes below', async () => {
  const bytes = makePptx([shape('First', 'ctrTitle') + shape('one') + shape('7', 'sldNum'), shape('Second', 'title')], {
    1: shape('Say hello.', 'body'),
  })
  const result = await read('.pptx', bytes)
  expect(places(result)).toEqual([
    [{ page: 1 }, '# First\n\none'],
    [{ page: 2 }, '# Second\n\nSay hello.'],
  ])
  expect(result.metadata).toMatchObject({ pageCount: 2, title: 'On Mills' })
})

test('sheets are tables: shared and inline strings, dates, numbers, truth values, gaps', async () => {
  const rows = [
    '<row><c r="A1" t="s"><v>1</v></c><c r="B1" t="inlineStr"><is><t>day</t></is></c></row>',
    '<row/>',
    '<row><c r="A2"><v>1.50</v></c><c r="B2" s="1" t="n"><v>46349</v></c><c r="D2" t="b"><v>1</v></c></row>',
    '<row><c r="A3" s="2"><v>3</v></c><c r="B3" s="3"><v>46349.34375</v></c><c r="XFD3" t="str"><f>1+1</f><v>far</v></c></row>',
  ]
  const strings = '<si><t>no</t></si><si><r><t>a</t></r><r><t>mount</t></r><rPh><t>x</t></rPh></si>'
  const result = await read('.xlsx', makeXlsx({ Empty: '', Yield: rows.join('') }, { strings }))
  expect(places(result)).toEqual([[{ sheet: 'Yield' }, result.pageContent]])
  expect(result.pageContent.split('\n')).toEqual([
    '# Yield',
    '',
    '| amount | day |  |  |',
    '| --- | --- | --- | --- |',
    '| 1.50 | 2026-11-23 | TRUE |',
    '| 3 | 2026-11-23 08:15:00 |  | far |',
  ])
})

test('a workbook of 1904 counts its days from there', async () => {
  const sheet = '<row><c r="A1" s="1"><v>44887</v></c></row>'
  const { pageContent } = await read('.xlsx', makeXlsx({ S: sheet }, { properties: '<workbookPr date1904="1"/>' }))
  expect(pageContent).toContain('| 2026-11-23 |')
})

test('an OpenDocument text has headings, lists, tables and notes', async () => {
  const body = [
    '<text:h text:outline-level="2">Stones</text:h>',
    '<text:p>a<text:s text:c="2000000000"/>b<text:note><text:note-body><text:p>note</text:p></text:note-body></text:note></text:p>',
    '<text:list><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>two</text:p></text:list-item></text:list></text:list-item></text:list>',
    `<table:table><table:table-row>${odfCell('x')}${odfCell('y')}</table:table-row></table:table>`,
    '<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>',
  ]
  const { pageContent, metadata, segments } = await read('.odt', makeOdf(`<office:text>${body.join('')}</office:text>`))
  expect(pageContent).toBe(`## Stones\n\na${' '.repeat(100)}b note\n\n- one\n  - two\n\n| x | y |\n| --- | --- |`)
  expect(metadata).toEqual({ title: 'On Mills', author: 'Ada' })
  expect(segments).toBeUndefined()
})

test('OpenDocument sheets and slides have their places, and a million repeated cells are no million', async () => {
  const sheet =
    '<table:table table:name="Yield"><table:table-row table:number-rows-repeated="1048576"><table:table-cell><text:p>7</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
  const sheets = await read('.ods', makeOdf(`<office:spreadsheet>${sheet}</office:spreadsheet>`))
  expect(sheets.segments?.map(({ sheet: name }) => name)).toEqual(['Yield'])
  expect(sheets.pageContent.length).toBeLessThan(1000)
  const slides = await read(
    '.odp',
    makeOdf(`<office:presentation>${odfSlide('a')}${odfSlide('b')}</office:presentation>`),
  )
  expect(places(slides)).toEqual([
    [{ page: 1 }, 'a'],
    [{ page: 2 }, 'b'],
  ])
  expect(slides.metadata['pageCount']).toBe(2)
})

test('chapters of a book come in the order of reading, without the table of contents', async () => {
  const { pageContent, metadata } = await read('.epub', makeEpub(['<h1>One</h1><p>a</p>', '<h1>Two</h1><p>b</p>']))
  expect(pageContent).toBe('# One\n\na\n\n# Two\n\nb')
  expect(metadata).toEqual({ title: 'On Mills', author: 'Ada' })
})

test.each([
  ['tables.docx', 'Above\n\n| Top left | Top right |\n| --- | --- |\n| Bottom left | Bottom right |\n\nBelow'],
  ['footnotes.docx', 'Ouch.\n\nA tachyon walks into a bar.\n\nFin.'],
  ['title.pptx', '# Presentation Title Text\n\nSubtitle Text'],
  [
    'values.xlsx',
    '# Values\n\n| Text | I am Text |\n| --- | --- |\n| Number | 3.14 |\n| Integer | 5 |\n| Date | 2016-05-17 |',
  ],
  ['lists.odt', 'Line 1\n\n- Item A\n- Item B\n  - Subitem B.1\n  - Subitem B.2 (bold)\n- Item C\n\nLine 4'],
  ['lists.odp', 'OL\n\n- Eins\n- Tsvey\n  - Dray\n  - Fir\n- Finf\n- Zeks'],
  ['countries.ods', '| Austria | 8.3 | 83,858 | 99 |'],
])('of %s, which an office program wrote, the text is read', async (name, text) => {
  const { pageContent } = await read(extname(name), await readFile(join(officeFolder, name)))
  expect(pageContent).toContain(text)
})

test('parts that a document names and does not have are counted', async () => {
  const book = makeEpub(['<p>One.</p>', '<p>Two.</p>'], {
    'OPS/book.opf':
      '<package xmlns="o"><manifest><item id="a" href="text/ch%200.xhtml" media-type="application/xhtml+xml"/><item id="b" href="gone.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/><itemref idref="a"/></spine></package>',
  })
  expect(await read('.epub', book)).toMatchObject({ pageContent: 'One.', metadata: { missingParts: 1 } })
  const none = makeZip({
    'ppt/presentation.xml':
      '<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst><p:sldId r:id="a"/></p:sldIdLst></p:presentation>',
    'ppt/_rels/presentation.xml.rels':
      '<Relationships><Relationship Id="a" Type="x/slide" Target="slides/gone.xml"/></Relationships>',
  })
  await expect(read('.pptx', none)).rejects.toMatchObject({ code: 'CORRUPT' })
})

test('characters that XML does not allow are unescaped', async () => {
  const row = '<row><c t="inlineStr"><is><t>_x005F_x000D_ a_x0041_</t></is></c></row>'
  expect((await read('.xlsx', makeXlsx({ S: row }))).pageContent).toContain('| _x000D_ aA |')
})

const bomb = makeZip({ 'word/document.xml': Buffer.alloc(300 * 2 ** 20, 32) })
const deep = makeDocx('<w:p>'.repeat(100_000))
const laughs =
  '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>'
const outside =
  '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document xmlns:w="w"><w:t>&e;</w:t></w:document>'

test.each([
  ['an empty file', '.docx', new Uint8Array(), 'CORRUPT'],
  ['no archive', '.pptx', Buffer.from('hello'), 'CORRUPT'],
  ['an archive that is cut off', '.docx', makeDocx(p('x')).slice(0, 300), 'CORRUPT'],
  ['an old or locked document', '.xlsx', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'ENCRYPTED'],
  [
    'an archive with a password',
    '.docx',
    makeZip({ 'word/document.xml': { content: 'x', encrypted: true } }),
    'ENCRYPTED',
  ],
  ['a missing part', '.docx', makeZip({ 'a.txt': 'x' }), 'CORRUPT'],
  ['XML that is cut off', '.docx', makeZip({ 'word/document.xml': '<w:document xmlns:w="w"><w:body>' }), 'CORRUPT'],
  [
    'a lied size',
    '.docx',
    makeZip({ 'word/document.xml': { content: '<a/>'.repeat(1000), claimedSize: 10 } }),
    'CORRUPT',
  ],
  ['nested entities', '.docx', makeZip({ 'word/document.xml': laughs }), 'CORRUPT'],
  ['an entity from outside', '.docx', makeZip({ 'word/document.xml': outside }), 'CORRUPT'],
  ['XML nested without end', '.docx', deep, 'RESOURCE_LIMIT'],
  ['a bomb', '.docx', bomb, 'RESOURCE_LIMIT'],
  [
    'a book that is protected',
    '.epub',
    makeEpub(['x'], {
      'META-INF/encryption.xml':
        '<encryption><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></encryption>',
    }),
    'ENCRYPTED',
  ],
  [
    'a locked OpenDocument',
    '.odt',
    makeOdf('', { 'META-INF/manifest.xml': '<manifest><encryption-data/></manifest>' }),
    'ENCRYPTED',
  ],
])('%s is refused, and the next file is read', async (_what, ending, bytes, code) => {
  await expect(read(ending, bytes)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(`docs/file${ending}`),
  })
  expect((await read('.docx', makeDocx(p('fine')))).pageContent).toBe('fine')
})

test('many entries are refused', async () => {
  const entries = Object.fromEntries(Array.from({ length: 20_001 }, (_value, index) => [`f${index}`, '']))
  await expect(read('.odt', makeZip(entries))).rejects.toMatchObject({ code: 'RESOURCE_LIMIT' })
})

test('a file that takes too long is given up in time', async () => {
  const slow = makeXlsx({ S: `<row>${'<c t="b"><v>1</v></c>'.repeat(3_000_000)}</row>` })
  await expect(read('.xlsx', slow, 100)).rejects.toMatchObject({ code: 'TIMEOUT' })
  expect((await read('.docx', makeDocx(p('fine')))).pageContent).toBe('fine')
})
