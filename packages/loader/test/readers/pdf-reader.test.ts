import { afterAll, describe, expect, test } from 'vitest'
import { createPdfReader } from '../../src/readers/pdf-reader.ts'
import { makePdf, pdfFile, pdfStream } from './make-pdf.ts'
import { readRequest } from './read-request.ts'

const reader = createPdfReader()
afterAll(() => reader[Symbol.asyncDispose]())

const page = { lines: ['A page of text.'] }
const hello = makePdf({ pages: [page] })
const font = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'

function onePage(content: string, more: readonly string[] = [], resources = '', fonts = ''): Uint8Array {
  const resource = `<</Font<</F1 5 0 R${fonts}>>${resources}>>`
  const leaf = `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources${resource}>>`
  return pdfFile(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>', leaf, content, font, ...more])
}

/** A page of text in a font that is not in the file, by the name of its character map and collection. */
function foreignPage(encoding: string, ordering: string, text: string): Uint8Array {
  return onePage(
    pdfStream(`BT /F2 12 Tf 72 720 Td <${text}> Tj ET`),
    [
      `<</Type/Font/Subtype/Type0/BaseFont/Unknown/Encoding/${encoding}/DescendantFonts[7 0 R]>>`,
      `<</Type/Font/Subtype/CIDFontType0/BaseFont/Unknown/CIDSystemInfo<</Registry(Adobe)/Ordering(${ordering})/Supplement 2>>/FontDescriptor 8 0 R>>`,
      '<</Type/FontDescriptor/FontName/Unknown/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>',
    ],
    '',
    '/F2 6 0 R',
  )
}

describe('the PDF reader', () => {
  test('gives every page a segment that holds its text', async () => {
    const bytes = makePdf({ pages: [{ lines: ['First page.'] }, { lines: ['Second page.'] }, { lines: ['Third.'] }] })
    const { pageContent, segments, metadata } = await reader.read(readRequest(bytes))
    expect(pageContent).toBe('First page.\n\nSecond page.\n\nThird.')
    expect(segments?.map(({ start, end, page: number }) => [number, pageContent.slice(start, end)])).toEqual([
      [1, 'First page.'],
      [2, 'Second page.'],
      [3, 'Third.'],
    ])
    expect(metadata).toEqual({ pageCount: 3 })
  })

  test('counts pages without text, and gives them no segment', async () => {
    const bytes = makePdf({ pages: [{ lines: [] }, { lines: ['Text.'] }] })
    const { segments, metadata } = await reader.read(readRequest(bytes))
    expect(segments).toEqual([{ page: 2, start: 0, end: 5 }])
    expect(metadata['pageCount']).toBe(2)
  })

  test('names the printed page number where it is another', async () => {
    const bytes = makePdf({ pages: [page, page, page, page], labels: '0 <</S/r>> 2 <</S/D/St 3>> 3 <</S/D/P(A-)>>' })
    const { segments } = await reader.read(readRequest(bytes))
    expect(segments?.map((segment) => segment.pageLabel)).toEqual(['i', 'ii', undefined, 'A-1'])
  })

  test('takes title, author, date and language from the file', async () => {
    const info = { Title: 'A (short) title', Author: 'Ada', CreationDate: "D:20230306180657+01'00'" }
    const { metadata } = await reader.read(readRequest(makePdf({ pages: [page], info, language: 'en-GB' })))
    expect(metadata).toEqual({
      title: 'A (short) title',
      author: 'Ada',
      date: '2023-03-06T18:06:57+01:00',
      language: 'en-GB',
      pageCount: 1,
    })
  })

  test('separates paragraphs where lines stand further apart', async () => {
    const lines = ['One line,', 'another line,', 'a third.', '', 'A new paragraph', 'goes on.']
    const { pageContent } = await reader.read(readRequest(makePdf({ pages: [{ lines }] })))
    expect(pageContent).toBe('One line,\nanother line,\na third.\n\nA new paragraph\ngoes on.')
  })

  test('joins a word that is hyphenated at the line end', async () => {
    const lines = ['The mill grinds exam-', 'ples of corn.', 'Next line here.']
    const { pageContent } = await reader.read(readRequest(makePdf({ pages: [{ lines }] })))
    expect(pageContent).toContain('examples of corn.')
    expect(pageContent).not.toContain('\uFFFE')
  })

  test('keeps characters outside the basic plane whole', async () => {
    const map = '1 beginbfchar\n<41> <D83DDE00>\nendbfchar'
    const toUnicode = `/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange ${map} endcmap end`
    const bytes = makePdf({ pages: [{ lines: ['AAAA', 'AA', '', 'A', 'B'] }], toUnicode })
    const { pageContent } = await reader.read(readRequest(bytes))
    expect(pageContent).toBe('😀😀😀😀\n😀😀\n\n😀\nB')
  })

  test('reads Japanese and Chinese in fonts that are not in the file', async () => {
    // Shift-JIS, GB 2312 and UTF-16, by the names of their character maps (ISO 32000-1, table 118).
    const shiftJis = await reader.read(readRequest(foreignPage('90ms-RKSJ-H', 'Japan1', '93FA967B8CEA')))
    const gb = await reader.read(readRequest(foreignPage('GBK-EUC-H', 'GB1', 'D6D0CEC4')))
    const utf16 = await reader.read(readRequest(foreignPage('UniJIS-UTF16-H', 'Japan1', '65E5672C8A9E')))
    expect([shiftJis, gb, utf16].map(({ pageContent }) => pageContent)).toEqual(['日本語', '中文', '日本語'])
  })

  test('leaves the bytes to the caller', async () => {
    const bytes = makePdf({ pages: [page] })
    const copy = Uint8Array.from(bytes)
    await reader.read(readRequest(bytes))
    expect(Uint8Array.from(bytes)).toEqual(copy)
  })

  test('reads what is asked at once one after the other', async () => {
    const files = Array.from({ length: 8 }, (_value, index) => makePdf({ pages: [{ lines: [`File ${index}.`] }] }))
    const results = await Promise.all(files.map((bytes) => reader.read(readRequest(bytes))))
    expect(results.map(({ pageContent }) => pageContent)).toEqual(files.map((_file, index) => `File ${index}.`))
  })

  test('reports a file that needs a password', async () => {
    const bytes = makePdf({ pages: [page], userPassword: 'secret' })
    await expect(reader.read(readRequest(bytes))).rejects.toMatchObject({ code: 'ENCRYPTED' })
  })

  test('reads a file that a password protects from changes only', async () => {
    const { pageContent } = await reader.read(readRequest(makePdf({ pages: [page], userPassword: '' })))
    expect(pageContent).toBe('A page of text.')
  })

  test('reports pages without any text, as scans have', async () => {
    const bytes = makePdf({ pages: [{ content: '0 0 1 rg 100 100 200 200 re f' }] })
    await expect(reader.read(readRequest(bytes))).rejects.toMatchObject({ code: 'NO_TEXT' })
  })

  test.each([
    ['an empty file', new Uint8Array()],
    ['a header alone', Buffer.from('%PDF-1.7\n')],
    ['random bytes', Buffer.from(Array.from({ length: 5000 }, (_value, index) => (index * 7919) % 251))],
    ['plain text', Buffer.from('This is no PDF.')],
  ])('reports %s as damaged', async (_what, bytes) => {
    await expect(reader.read(readRequest(bytes))).rejects.toMatchObject({ code: 'CORRUPT' })
  })

  test('reads or refuses a file that is cut anywhere', async () => {
    for (let length = 0; length < hello.length; length += 37) {
      const outcome = await reader.read(readRequest(hello.subarray(0, length))).then(
        ({ pageContent }) => pageContent,
        (error: { code?: string }) => error.code,
      )
      expect(['A page of text.', 'CORRUPT', 'NO_TEXT']).toContain(outcome)
    }
  })

  test('reads or refuses a file of which any byte is another', async () => {
    for (let at = 0; at < hello.length; at += 11) {
      const bytes = Uint8Array.from(hello)
      bytes[at] = (bytes[at] ?? 0) ^ 0xff
      const outcome = await reader.read(readRequest(bytes)).then(
        ({ pageContent }) => typeof pageContent,
        (error: { code?: string }) => error.code,
      )
      expect(['string', 'CORRUPT', 'NO_TEXT', 'ENCRYPTED']).toContain(outcome)
    }
  })

  test('ends with hostile page trees', async () => {
    const catalog = '<</Type/Catalog/Pages 2 0 R>>'
    const loop = pdfFile([
      catalog,
      '<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>',
      '<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>',
    ])
    await expect(reader.read(readRequest(loop))).rejects.toMatchObject({ code: 'CORRUPT' })
    const leaf = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>'
    const text = pdfStream('BT /F1 12 Tf 72 720 Td (one page) Tj ET')
    const many = pdfFile([catalog, '<</Type/Pages/Kids[3 0 R]/Count 1000000000>>', leaf, text, font])
    const outcome = reader.read(readRequest(many, { timeoutMs: 3000 })).then(({ pageContent }) => pageContent, String)
    await expect(outcome).resolves.toBeTypeOf('string')
  })

  test('stops a file that takes too long, and reads the next', async () => {
    // Each form draws the next one twice: 2^40 of them.
    const forms = Array.from({ length: 40 }, (_value, index) =>
      pdfStream(
        '/X Do /X Do',
        `/Type/XObject/Subtype/Form/BBox[0 0 10 10]/Resources<</XObject<</X ${7 + index} 0 R>>>>`,
      ),
    )
    const last = pdfStream('', '/Type/XObject/Subtype/Form/BBox[0 0 10 10]')
    const bytes = onePage(pdfStream('/X Do'), [...forms, last], '/XObject<</X 6 0 R>>')
    const slow = reader.read(readRequest(bytes, { timeoutMs: 400 }))
    const next = reader.read(readRequest(hello))
    await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' })
    await expect(next).resolves.toMatchObject({ pageContent: 'A page of text.' })
  })
})
