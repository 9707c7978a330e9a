import { joinLines } from './page-text.ts'
import type { PageLine } from './page-text.ts'
import { pdfDateToIso } from './pdf-date.ts'
import type { PdfPage, PdfReply, PdfText } from './pdf-messages.ts'
import type { WorkerRequest } from '../worker/worker-host.ts'
import { readOutline } from './read-outline.ts'
import type { OutlineEntry } from './read-outline.ts'
import { readString, readUtf16, withMemory } from './pdfium.ts'
import type { Pdfium, Pointer } from './pdfium.ts'

/** An answer without the memory that it took. */
export type PdfOutcome = PdfReply extends infer Reply
  ? Reply extends PdfReply
    ? Omit<Reply, 'memoryBytes'>
    : never
  : never

function pageText(engine: Pdfium, textPage: Pointer): string {
  const count = engine.FPDFText_CountChars(textPage)
  if (count <= 0) return ''
  // Characters are UTF-16 code units here; one more for the terminator.
  return withMemory(engine, (count + 1) * 2, (buffer) =>
    readUtf16(engine, buffer, engine.FPDFText_GetText(textPage, 0, count, buffer)),
  )
}

/** The lines of a page; `origin` is memory for two doubles. */
function pageLines(engine: Pdfium, textPage: Pointer, origin: Pointer): PageLine[] {
  const lines: PageLine[] = []
  let textIndex = 0
  for (const text of pageText(engine, textPage).split('\r\n')) {
    const blank = text.length - text.trimStart().length
    const index = engine.FPDFText_GetCharIndexFromTextIndex(textPage, textIndex + blank)
    const found = index >= 0 && engine.FPDFText_GetCharOrigin(textPage, index, origin, origin + 8)
    const heap = engine.pdfium.HEAPU8
    lines.push({
      text,
      y: found ? new DataView(heap.buffer, heap.byteOffset).getFloat64(origin + 8, true) : undefined,
      fontSize: index >= 0 ? engine.FPDFText_GetFontSize(textPage, index) : 0,
    })
    textIndex += text.length + 2
  }
  return lines
}

/** A page of an open document. */
interface PagePlace {
  readonly document: Pointer
  readonly index: number
  /** Entries of the outline that lead to it. */
  readonly outline: readonly OutlineEntry[] | undefined
}

function readPage(engine: Pdfium, { document, index, outline }: PagePlace): string | undefined {
  const page = engine.FPDF_LoadPage(document, index)
  if (page === 0) return undefined
  try {
    const textPage = engine.FPDFText_LoadPage(page)
    if (textPage === 0) return undefined
    try {
      const lines = withMemory(engine, 16, (origin) => pageLines(engine, textPage, origin))
      return joinLines(lines, outline)
    } finally {
      engine.FPDFText_ClosePage(textPage)
    }
  } finally {
    engine.FPDF_ClosePage(page)
  }
}

function readMetadata(engine: Pdfium, document: Pointer): Pick<PdfText, 'title' | 'author' | 'date' | 'language'> {
  const entry = (key: string) =>
    readString(engine, (buffer, bytes) => engine.FPDF_GetMetaText(document, key, buffer, bytes))
  const title = entry('Title')
  const author = entry('Author')
  const date = pdfDateToIso(entry('CreationDate') ?? entry('ModDate') ?? '')
  const language = readString(engine, (buffer, bytes) => engine.EPDFCatalog_GetLanguage(document, buffer, bytes))
  return {
    ...(title === undefined ? {} : { title }),
    ...(author === undefined ? {} : { author }),
    ...(date === undefined ? {} : { date }),
    ...(language === undefined ? {} : { language }),
  }
}

function pageLabel(engine: Pdfium, document: Pointer, index: number): { readonly label?: string } {
  const label = readString(engine, (buffer, bytes) => engine.FPDF_GetPageLabel(document, index, buffer, bytes))
  return label === undefined || label === String(index + 1) ? {} : { label }
}

function readDocument(engine: Pdfium, document: Pointer, maxCharacters: number): PdfOutcome {
  const pageCount = engine.FPDF_GetPageCount(document)
  const outline = readOutline(engine, document)
  const parts: string[] = []
  const pages: PdfPage[] = []
  let length = 0
  let unreadablePages = 0
  for (let index = 0; index < pageCount; index++) {
    const text = readPage(engine, { document, index, outline: outline.get(index) })
    if (text === undefined) unreadablePages++
    if (text === undefined || text === '') continue
    const start = length === 0 ? 0 : length + 2
    length = start + text.length
    if (length > maxCharacters) return { type: 'too-long' }
    parts.push(text)
    pages.push({ page: index + 1, ...pageLabel(engine, document, index), start, end: length })
  }
  const pdf = { text: parts.join('\n\n'), pages, pageCount, unreadablePages, ...readMetadata(engine, document) }
  return { type: 'text', pdf }
}

/**
 * Reads a PDF: its text page by page, pages apart by a blank line, and what it says of itself. An answer `crashed` is not given
 * here: the engine then throws, and must not be used again.
 */
export function readPdf(engine: Pdfium, { bytes, maxCharacters }: WorkerRequest): PdfOutcome {
  return withMemory(engine, Math.max(bytes.length, 1), (pointer) => {
    engine.pdfium.HEAPU8.set(bytes, pointer)
    const document = engine.FPDF_LoadMemDocument(pointer, bytes.length, '')
    if (document === 0) return { type: 'refused', code: engine.FPDF_GetLastError() }
    try {
      return readDocument(engine, document, maxCharacters)
    } finally {
      engine.FPDF_CloseDocument(document)
    }
  })
}
