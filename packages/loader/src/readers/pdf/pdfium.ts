import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { init } from '@embedpdf/pdfium'

/** A C pointer into the engine's memory, or a handle; 0 is none. */
export type Pointer = number

type Wrapped = Awaited<ReturnType<typeof init>>

type Functions = Pick<
  Wrapped,
  | 'EPDFCatalog_GetLanguage'
  | 'FPDFBookmark_GetDest'
  | 'FPDFBookmark_GetFirstChild'
  | 'FPDFBookmark_GetNextSibling'
  | 'FPDFBookmark_GetTitle'
  | 'FPDFDest_GetDestPageIndex'
  | 'FPDF_CloseDocument'
  | 'FPDF_ClosePage'
  | 'FPDF_GetLastError'
  | 'FPDF_GetMetaText'
  | 'FPDF_GetPageCount'
  | 'FPDF_GetPageLabel'
  | 'FPDF_LoadMemDocument'
  | 'FPDF_LoadPage'
  | 'FPDFText_ClosePage'
  | 'FPDFText_CountChars'
  | 'FPDFText_GetCharIndexFromTextIndex'
  | 'FPDFText_GetCharOrigin'
  | 'FPDFText_GetFontSize'
  | 'FPDFText_GetText'
  | 'FPDFText_LoadPage'
  | 'PDFiumExt_Init'
>

/** The functions of PDFium that are used here (fpdfview.h, fpdf_text.h, fpdf_doc.h), and its memory. */
export interface Pdfium extends Functions {
  readonly pdfium: {
    /** Replaced when the memory grows: never to be kept. */
    readonly HEAPU8: Uint8Array
    readonly wasmExports: {
      malloc(bytes: number): Pointer
      free(pointer: Pointer): void
      readonly memory: EngineMemory
    }
  }
}

/** What is used of `WebAssembly.Memory`. */
interface EngineMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** Most memory that the engine gets. The largest of a thousand documents took 191 MiB; bombs take all that there is. */
const mostMemoryBytes = 768 * 2 ** 20

const pageBytes = 65_536

/** Refuses the engine more memory than that. It takes a refusal for the end of the machine's memory. */
function limitMemory(memory: EngineMemory): void {
  const grow = memory.grow.bind(memory)
  const growWithin = (pages: number): number => {
    const bytes = memory.buffer.byteLength + pages * pageBytes
    if (bytes > mostMemoryBytes) throw new RangeError(`${bytes} bytes of memory are more than ${mostMemoryBytes}`)
    return grow(pages)
  }
  Object.defineProperty(memory, 'grow', { value: growWithin })
}

/** Starts PDFium. Its code comes from the installed package, never from the network. */
export async function loadPdfium(): Promise<Pdfium> {
  const wasm = await readFile(createRequire(import.meta.url).resolve('@embedpdf/pdfium/pdfium.wasm'))
  const { init: start } = await import('@embedpdf/pdfium')
  const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength)
  const engine = (await start({ wasmBinary })) as unknown as Pdfium
  limitMemory(engine.pdfium.wasmExports.memory)
  engine.PDFiumExt_Init()
  return engine
}

/** Runs `use` with newly allocated memory, and frees it. */
export function withMemory<Result>(engine: Pdfium, bytes: number, use: (pointer: Pointer) => Result): Result {
  const { wasmExports } = engine.pdfium
  const pointer = wasmExports.malloc(bytes)
  if (pointer === 0) throw new Error(`Out of memory: ${bytes} bytes`)
  try {
    return use(pointer)
  } finally {
    wasmExports.free(pointer)
  }
}

/** Reads UTF-16LE text from memory, up to its terminating zero. */
export function readUtf16(engine: Pdfium, pointer: Pointer, units: number): string {
  const text = new TextDecoder('utf-16le').decode(engine.pdfium.HEAPU8.subarray(pointer, pointer + units * 2))
  return text.endsWith('\0') ? text.slice(0, -1) : text
}

/**
 * Calls a function that fills a buffer with UTF-16LE text and returns how many bytes it takes, terminator included. Longer texts
 * than `longest` bytes are taken for none.
 */
export function readString(
  engine: Pdfium,
  fill: (buffer: Pointer, bytes: number) => number,
  longest = 8192,
): string | undefined {
  const bytes = fill(0, 0)
  if (bytes <= 2 || bytes > longest) return undefined
  return withMemory(engine, bytes, (buffer) => {
    fill(buffer, bytes)
    return readUtf16(engine, buffer, bytes >> 1).trim() || undefined
  })
}
