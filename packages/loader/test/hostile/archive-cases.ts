import { constants, deflateRawSync } from 'node:zlib'
import { makeZip } from '../readers/make-zip.ts'
import { makeDocx, makeEpub, makeOdf } from '../readers/office-documents.ts'
import { repeatDeflated } from '../readers/repeat-deflated.ts'
import type { HostileCase } from './hostile-case.ts'

const text = '<w:p><w:r><w:t>x</w:t></w:r></w:p>'
const docx = makeDocx(text)

function wordDocument(content: string | Uint8Array): Uint8Array {
  return makeZip({ 'word/document.xml': content })
}

function manyEntries(): Uint8Array {
  return makeZip(Object.fromEntries(Array.from({ length: 20_001 }, (_, index) => [`f${index}`, ''])))
}

/** A document that unpacks to 300 MiB: a begin, and then the same over and over. */
function unpacksTo(unit: string, begin = ''): Uint8Array {
  const block = unit.repeat(2 ** 20 / unit.length)
  const packed = Buffer.concat([
    deflateRawSync(begin, { finishFlush: constants.Z_FULL_FLUSH }),
    repeatDeflated(block, 300),
  ])
  const claimedSize = begin.length + block.length * 300
  return makeZip({ 'word/document.xml': { content: '', packed, claimedSize } })
}

/** A size in the headers of the first entry that is not that of its content. */
function liedSize(claimedSize: number): Uint8Array {
  return makeZip({ 'word/document.xml': { content: '<a/>'.repeat(1000), claimedSize } })
}

const laughs = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  .map((name, index, all) => `<!ENTITY ${name} "${index === 0 ? 'ha' : `&${all[index - 1]};`.repeat(10)}">`)
  .join('')
const body = (content: string): string =>
  `<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>${content}</w:t></w:r></w:p></w:body></w:document>`

/** Archives of office documents and books. */
export const archiveCases: readonly HostileCase[] = [
  { what: 'an empty Word document', file: 'a.docx', bytes: () => new Uint8Array(), outcome: 'CORRUPT' },
  {
    what: 'text named .docx',
    file: 'a.docx',
    bytes: () => Buffer.from('Dear reader'),
    outcome: 'CORRUPT',
  },
  {
    what: 'a web page named .xlsx',
    file: 'a.xlsx',
    bytes: () => Buffer.from('<html><table><tr><td>1</table>'),
    outcome: 'CORRUPT',
    says: 'but a web page',
  },
  {
    what: 'a PDF named .docx',
    file: 'a.docx',
    bytes: () => Buffer.from('%PDF-1.7\n'),
    outcome: 'CORRUPT',
    says: 'but a PDF document',
  },
  {
    what: 'an RTF document named .docx',
    file: 'a.docx',
    bytes: () => Buffer.from(String.raw`{\rtf1\ansi x}`),
    outcome: 'CORRUPT',
    says: 'but an RTF document',
  },
  {
    what: 'an archive that is cut off',
    file: 'a.docx',
    bytes: () => docx.subarray(0, docx.length >> 1),
    outcome: 'CORRUPT',
  },
  {
    what: 'an archive with flipped bytes',
    file: 'a.docx',
    bytes: () => docx.map((byte, index) => (index > 60 && index < 120 ? byte ^ 0xff : byte)),
    outcome: 'CORRUPT',
  },
  {
    what: 'a document with a password, or of before 2007',
    file: 'a.xlsx',
    bytes: () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(4096)]),
    outcome: 'ENCRYPTED',
  },
  {
    what: 'an archive whose entries have a password',
    file: 'a.docx',
    bytes: () => makeZip({ 'word/document.xml': { content: 'x', encrypted: true } }),
    outcome: 'ENCRYPTED',
  },
  {
    what: 'an archive packed in a way that is not known',
    file: 'a.docx',
    bytes: () => makeZip({ 'word/document.xml': { content: 'x', method: 99 } }),
    outcome: 'CORRUPT',
  },
  {
    what: 'an archive without a document',
    file: 'a.pptx',
    bytes: () => makeZip({ 'a.txt': 'x' }),
    outcome: 'CORRUPT',
    says: 'ppt/presentation.xml is missing',
  },
  {
    what: 'an archive with names that climb out of it',
    file: 'a.docx',
    bytes: () => makeDocx(text, { '../../etc/cron.d/x': 'x' }),
    outcome: 'CORRUPT',
  },
  {
    what: 'an archive of archives',
    file: 'a.docx',
    bytes: () => makeZip({ 'word/document.xml': docx }),
    outcome: 'CORRUPT',
  },
  { what: 'an archive of 20,001 files', file: 'a.odt', bytes: manyEntries, outcome: 'RESOURCE_LIMIT' },
  { what: 'an entry longer than it says', file: 'a.docx', bytes: () => liedSize(10), outcome: 'CORRUPT' },
  {
    what: 'an entry shorter than it says',
    file: 'a.docx',
    bytes: () => liedSize(4_000_000_000),
    outcome: 'CORRUPT',
  },
  {
    what: 'an entry of 300 MiB of blanks',
    file: 'a.docx',
    bytes: () => unpacksTo(' '),
    outcome: 'RESOURCE_LIMIT',
  },
  {
    what: 'entries that unpack to 300 MiB of elements',
    file: 'a.docx',
    bytes: () => unpacksTo('<w:b></w:b>', '<w:document xmlns:w="w">'),
    outcome: 'TIMEOUT',
  },
  {
    what: 'XML that is cut off',
    file: 'a.docx',
    bytes: () => wordDocument('<w:document xmlns:w="w"><w:body>'),
    outcome: 'CORRUPT',
  },
  {
    what: 'XML that is not the UTF-8 it claims to be',
    file: 'a.docx',
    bytes: () => wordDocument(Buffer.from(body('caf\u00e9'), 'latin1')),
    outcome: 'CORRUPT',
    says: 'not valid utf-8',
  },
  {
    what: 'XML in an encoding that nobody knows',
    file: 'a.docx',
    bytes: () => wordDocument(`<?xml version="1.0" encoding="x-martian"?>${body('x')}`),
    outcome: 'CORRUPT',
    says: 'x-martian',
  },
  {
    what: 'a billion laughs',
    file: 'a.docx',
    bytes: () => wordDocument(`<!DOCTYPE x [${laughs}]>${body('&h;')}`),
    outcome: 'CORRUPT',
  },
  {
    what: 'an entity that is a file of this machine',
    file: 'a.docx',
    bytes: () => wordDocument(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${body('&e;')}`),
    outcome: 'CORRUPT',
  },
  {
    what: 'a document type on another machine',
    file: 'a.docx',
    bytes: () => wordDocument(`<!DOCTYPE x SYSTEM "http://example.org/x.dtd">${body('read without it')}`),
    outcome: 'read',
    says: 'read without it',
  },
  {
    what: 'XML nested 100,000 deep',
    file: 'a.docx',
    bytes: () => makeDocx('<w:p>'.repeat(100_000)),
    outcome: 'RESOURCE_LIMIT',
  },
  {
    what: 'tables nested 120 deep',
    file: 'a.docx',
    bytes: () => makeDocx(`${'<w:tbl><w:tr><w:tc>'.repeat(120)}${text}${'</w:tc></w:tr></w:tbl>'.repeat(120)}`),
    outcome: 'read',
    says: '| x |',
  },
  {
    what: 'styles that are based on each other',
    file: 'a.docx',
    bytes: () =>
      makeDocx('<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>', {
        'word/styles.xml':
          '<w:styles xmlns:w="w"><w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>',
      }),
    outcome: 'read',
    says: 'x',
  },
  {
    what: 'an OpenDocument text with a password',
    file: 'a.odt',
    bytes: () => makeOdf('', { 'META-INF/manifest.xml': '<manifest><encryption-data/></manifest>' }),
    outcome: 'ENCRYPTED',
  },
  {
    what: 'an element that stands for two billion blanks',
    file: 'a.odt',
    bytes: () => makeOdf('<office:text><text:p>a<text:s text:c="2000000000"/>b</text:p></office:text>'),
    outcome: 'read',
    says: 'a ',
  },
  {
    what: 'a book with copy protection',
    file: 'a.epub',
    bytes: () =>
      makeEpub(['x'], {
        'META-INF/encryption.xml':
          '<encryption><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></encryption>',
      }),
    outcome: 'ENCRYPTED',
  },
  {
    what: 'a book that reads a chapter 20,000 times',
    file: 'a.epub',
    bytes: () => {
      const order = '<itemref idref="c"/>'.repeat(20_000)
      return makeEpub([], {
        'OPS/book.opf': `<package xmlns="o"><manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest><spine>${order}</spine></package>`,
        'OPS/c.xhtml': '<p>Once upon a time</p>',
      })
    },
    outcome: 'read',
    says: 'Once upon a time',
  },
  {
    what: 'a book whose container names itself',
    file: 'a.epub',
    bytes: () =>
      makeZip({
        'META-INF/container.xml':
          '<container><rootfiles><rootfile full-path="META-INF/container.xml"/></rootfiles></container>',
      }),
    outcome: 'CORRUPT',
    says: 'names no chapter',
  },
  {
    what: 'a book whose chapters are files of this machine',
    file: 'a.epub',
    bytes: () =>
      makeEpub([], {
        'OPS/book.opf':
          '<package xmlns="o"><manifest><item id="c" href="../../../../etc/passwd" media-type="application/xhtml+xml"/><item id="d" href="file:///etc/passwd" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/><itemref idref="d"/></spine></package>',
      }),
    outcome: 'CORRUPT',
    says: 'it has none of the slides, sheets or chapters that it names (2)',
  },
  {
    what: 'a workbook whose sheets are on another machine',
    file: 'a.xlsx',
    bytes: () =>
      makeZip({
        'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets></workbook>',
        'xl/_rels/workbook.xml.rels':
          '<Relationships><Relationship Id="a" Type="x/worksheet" Target="http://example.org/a.xml" TargetMode="External"/></Relationships>',
      }),
    outcome: 'CORRUPT',
    says: 'it names (1)',
  },
  {
    what: 'a book without a package',
    file: 'a.epub',
    bytes: () => makeZip({ 'META-INF/container.xml': '<container/>' }),
    outcome: 'CORRUPT',
  },
  {
    what: 'a chapter of 80 MiB',
    file: 'a.epub',
    bytes: () => makeEpub([`<p>${'x'.repeat(80 * 2 ** 20)}`]),
    outcome: 'RESOURCE_LIMIT',
  },
]
