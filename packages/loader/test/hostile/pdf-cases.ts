import { makePdf, pdfFile, pdfStream } from '../readers/make-pdf.ts'
import { repeatDeflated } from '../readers/repeat-deflated.ts'
import type { HostileCase } from './hostile-case.ts'

const hello = makePdf({ pages: [{ lines: ['A page of text.'] }] })
const catalog = '<</Type/Catalog/Pages 2 0 R>>'
const pages = '<</Type/Pages/Kids[3 0 R]/Count 1>>'
const font = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'

/** One page: object 4 is its content, 5 its font, further objects follow from 6 on. */
function onePage(content: string, objects: readonly string[] = [], resources = ''): Uint8Array {
  const page = `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>${resources}>>>>`
  return pdfFile([catalog, pages, page, content, font, ...objects])
}

/** A stream of zlib (RFC 1950) that unpacks to a text over and over, its checksum apart. */
function packed(unit: string | Buffer, times: number): Buffer {
  return Buffer.concat([Buffer.from([0x78, 0x9c]), repeatDeflated(unit, times), Buffer.alloc(4)])
}

/** Forms that draw one another; each is given by the object that it draws twice. */
function forms(drawn: readonly number[]): string[] {
  return drawn.map((target) =>
    pdfStream('/X Do /X Do', `/Type/XObject/Subtype/Form/BBox[0 0 10 10]/Resources<</XObject<</X ${target} 0 R>>>>`),
  )
}

const textOperators = `BT /F1 1 Tf 10 10 Td (${'A'.repeat(40)}) Tj ET\n`.repeat(10_000)

const drawsForm = '/XObject<</X 6 0 R>>'
const kid = (index: number): string => `<</Type/Pages/Kids[${index + 3} 0 R]/Count 1>>`
const endlessOutline = Buffer.from(
  makePdf({
    pages: [{ lines: ['A'] }],
    outline: [
      { title: 'A', page: 0 },
      { title: 'B', page: 0 },
    ],
  }),
)

/** PDF files. */
export const pdfCases: readonly HostileCase[] = [
  { what: 'an empty PDF', file: 'a.pdf', bytes: () => new Uint8Array(), outcome: 'CORRUPT' },
  { what: 'the header of a PDF', file: 'a.pdf', bytes: () => Buffer.from('%PDF-1.7\n'), outcome: 'CORRUPT' },
  {
    what: 'noise after the header of a PDF',
    file: 'a.pdf',
    bytes: () =>
      Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from(Array.from({ length: 99_999 }, (_, i) => (i * i) % 251))]),
    outcome: 'CORRUPT',
  },
  {
    what: 'a PDF of which the second half is missing',
    file: 'a.pdf',
    bytes: () => hello.subarray(0, hello.length >> 1),
    outcome: 'CORRUPT',
  },
  {
    what: 'a PDF behind a header of HTTP',
    file: 'a.pdf',
    bytes: () => Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nX: y\r\n\r\n'), hello]),
    outcome: 'read',
    says: 'A page of text.',
  },
  {
    what: 'a PDF with a password',
    file: 'a.pdf',
    bytes: () => makePdf({ pages: [{ lines: ['secret'] }], userPassword: 'open sesame' }),
    outcome: 'ENCRYPTED',
  },
  {
    what: 'a PDF of a scan',
    file: 'a.pdf',
    bytes: () => onePage(pdfStream('0 0 1 rg 100 100 200 200 re f')),
    outcome: 'NO_TEXT',
  },
  {
    what: 'a PDF page of 512 MiB of blanks',
    file: 'a.pdf',
    bytes: () => onePage(pdfStream(packed(Buffer.alloc(2 ** 20, 32), 512).toString('latin1'), '/Filter/FlateDecode')),
    outcome: 'TIMEOUT',
  },
  {
    what: 'a PDF page of millions of operators, packed twice',
    file: 'a.pdf',
    bytes: () =>
      onePage(pdfStream(packed(packed(textOperators, 200), 1).toString('latin1'), '/Filter[/FlateDecode/FlateDecode]')),
    outcome: 'TIMEOUT',
  },
  {
    what: 'a PDF form that draws itself',
    file: 'a.pdf',
    bytes: () => onePage(pdfStream('/X Do'), forms([6]), drawsForm),
    outcome: 'TIMEOUT',
  },
  {
    what: 'PDF forms that draw one another 2^40 times',
    file: 'a.pdf',
    bytes: () =>
      onePage(
        pdfStream('/X Do'),
        [
          ...forms(Array.from({ length: 40 }, (_, index) => index + 7)),
          pdfStream('', '/Type/XObject/Subtype/Form/BBox[0 0 10 10]'),
        ],
        drawsForm,
      ),
    outcome: 'TIMEOUT',
  },
  {
    what: 'a PDF that claims a billion pages',
    file: 'a.pdf',
    bytes: () =>
      pdfFile([
        catalog,
        '<</Type/Pages/Kids[3 0 R]/Count 1000000000>>',
        '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
        pdfStream('BT /F1 12 Tf 72 720 Td (one page) Tj ET'),
        font,
      ]),
    outcome: 'read',
  },
  {
    what: 'PDF pages that hold themselves',
    file: 'a.pdf',
    bytes: () =>
      pdfFile([
        catalog,
        '<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>',
        '<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>',
      ]),
    outcome: 'CORRUPT',
  },
  {
    what: 'PDF pages nested 20,000 deep',
    file: 'a.pdf',
    bytes: () =>
      pdfFile([
        catalog,
        ...Array.from({ length: 20_000 }, (_, index) => kid(index)),
        '<</Type/Page/MediaBox[0 0 612 792]>>',
      ]),
    outcome: 'CORRUPT',
  },
  {
    what: 'a PDF array nested 200,000 deep',
    file: 'a.pdf',
    bytes: () => onePage(pdfStream(`BT /F1 12 Tf 72 720 Td ${'['.repeat(200_000)}(x)${']'.repeat(200_000)} TJ ET`)),
    outcome: 'NO_TEXT',
  },
  {
    what: 'a PDF outline that runs in a circle',
    file: 'a.pdf',
    bytes: () =>
      Buffer.from(
        endlessOutline.toString('latin1').replace('/Title(B)/Parent', '/Title(B)/Next 8 0 R/Parent'),
        'latin1',
      ),
    outcome: 'read',
    says: '# A',
  },
  {
    what: 'a web page named .pdf',
    file: 'a.pdf',
    bytes: () => Buffer.from('<!DOCTYPE html><title>Log in</title><p>Please log in to download.'),
    outcome: 'CORRUPT',
    says: 'it is no PDF document, but a web page',
  },
  {
    what: 'a PNG image named .pdf',
    file: 'a.pdf',
    bytes: () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    outcome: 'CORRUPT',
    says: 'it is no PDF document, but a PNG image',
  },
]
