import { QuernError } from '@quern/core'
import type { Segment } from '@quern/core'
import { contentKind } from './decode/content-kind.ts'
import { documentMetadata } from './document-metadata.ts'
import type { PdfPage, PdfReply, PdfText } from './pdf/pdf-messages.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'
import { corruptFile, resourceLimit } from './reader-errors.ts'
import { createWorkerHost } from './worker/worker-host.ts'

/** A reader of PDFs that owns a worker thread from the first file on. Disposing it ends the worker, and is safe twice. */
export type PdfReader = Reader & AsyncDisposable

export interface PdfReaderOptions {
  /** Module that the worker runs; for tests. */
  readonly workerUrl?: URL
}

/** Memory from which on a breakdown is put down to memory: half of what the engine may have. */
const muchMemoryBytes = 384 * 2 ** 20

/** The engine's memory never shrinks: a worker that holds more is ended after its answer. */
const keptMemoryBytes = 2 ** 28

// The worker's own module stands beside this one, as source or compiled.
const ownWorkerUrl = import.meta.url.endsWith('.ts')
  ? new URL('./pdf/pdf-worker.ts', import.meta.url)
  : new URL('./pdf/pdf-worker.js', import.meta.url)

function refusal({ sourceId, bytes }: ReadRequest, code: number): QuernError {
  // FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY of fpdfview.h.
  if (code !== 4 && code !== 5) {
    const kind = contentKind(bytes)
    const isOther = kind !== undefined && kind !== 'a PDF document'
    return corruptFile(
      sourceId,
      isOther ? `it is no PDF document, but ${kind}` : `it is not a whole PDF (PDFium error ${code})`,
    )
  }
  const why = code === 4 ? 'it needs a password' : 'its encryption is not supported'
  return new QuernError('ENCRYPTED', `${sourceId} cannot be read: ${why}`, { hint: 'Save a copy without a password.' })
}

function breakdown(sourceId: string, message: string, memoryBytes: number): QuernError {
  const why = `the PDF engine broke down (${message}) with ${Math.round(memoryBytes / 2 ** 20)} MiB in use`
  const isMemory = memoryBytes >= muchMemoryBytes || /memory/i.test(message)
  return isMemory ? resourceLimit(sourceId, why) : corruptFile(sourceId, why)
}

function noText(sourceId: string, pageCount: number): QuernError {
  const pages = pageCount === 1 ? 'its one page holds none' : `none of its ${pageCount} pages holds any`
  return new QuernError('NO_TEXT', `${sourceId} has no text: ${pages}`, {
    hint: 'If the pages are scanned, run text recognition (OCR) over the file first.',
  })
}

function toSegment({ page, label, start, end }: PdfPage): Segment {
  return { start, end, page, ...(label === undefined ? {} : { pageLabel: label }) }
}

function toResult(sourceId: string, pdf: PdfText): ReadResult {
  const { text, pages, pageCount, unreadablePages, title, author, date, language } = pdf
  if (unreadablePages === pageCount) throw corruptFile(sourceId, `none of its ${pageCount} pages can be opened`)
  if (text === '') throw noText(sourceId, pageCount)
  return {
    pageContent: text,
    metadata: {
      ...documentMetadata({ title, author, date, language }),
      pageCount,
      ...(unreadablePages === 0 ? {} : { unreadablePages }),
    },
    segments: pages.map(toSegment),
  }
}

function toReadResult(request: ReadRequest, reply: PdfReply): ReadResult {
  const { sourceId } = request
  switch (reply.type) {
    case 'text':
      return toResult(sourceId, reply.pdf)
    case 'refused':
      throw refusal(request, reply.code)
    case 'too-long':
      throw resourceLimit(sourceId, 'its text is longer than 64 Mi characters')
    case 'crashed':
      throw breakdown(sourceId, reply.message, reply.memoryBytes)
  }
}

/**
 * Creates a reader of PDFs: text with paragraphs and the outline's entries as headings, a segment for each page that holds text,
 * `pageCount`, and title, author, date and language where the file declares them; `unreadablePages` counts pages that are damaged. Files are
 * read one at a time in a worker thread, which is ended when a file takes longer than `timeoutMs` (counted from its turn) or more than
 * 768 MiB of memory, and replaced.
 */
export function createPdfReader({ workerUrl = ownWorkerUrl }: PdfReaderOptions = {}): PdfReader {
  const host = createWorkerHost<PdfReply>({
    workerUrl,
    engine: 'the PDF engine',
    remedy: 'If it happens to every PDF, install the package @embedpdf/pdfium again.',
    isSpent: (reply) => reply.type === 'crashed' || reply.memoryBytes > keptMemoryBytes,
  })
  return {
    name: 'pdf',
    version: 2,
    mediaType: 'application/pdf',
    extensions: ['.pdf'],
    read: async (request: ReadRequest) => toReadResult(request, await host.read(request)),
    [Symbol.asyncDispose]: () => host.close(),
  }
}
