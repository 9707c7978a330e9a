/** A page with text: its range in the text of the document, in UTF-16 code units. */
export interface PdfPage {
  /** From 1. */
  readonly page: number
  /** Page number as printed, where it is not `page`. */
  readonly label?: string
  readonly start: number
  readonly end: number
}

/** What was read from a PDF. Absent keys are not known. */
export interface PdfText {
  readonly text: string
  /** Pages that hold text, in order. */
  readonly pages: readonly PdfPage[]
  readonly pageCount: number
  /** Number of pages that could not be opened. */
  readonly unreadablePages: number
  readonly title?: string
  readonly author?: string
  /** ISO 8601, as precise as the document says. */
  readonly date?: string
  readonly language?: string
}

/** What the worker answers to each request, once. */
export type PdfReply = {
  /** Memory that the engine holds; it never gets less. */
  readonly memoryBytes: number
} & (
  | { readonly type: 'text'; readonly pdf: PdfText }
  /** PDFium refuses the document; `code` is that of `FPDF_GetLastError`. */
  | { readonly type: 'refused'; readonly code: number }
  | { readonly type: 'too-long' }
  /** The engine broke down, and the worker with it. */
  | { readonly type: 'crashed'; readonly message: string }
)
