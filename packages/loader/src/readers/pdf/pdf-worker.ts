import { parentPort } from 'node:worker_threads'
import type { PdfReply } from './pdf-messages.ts'
import type { WorkerRequest } from '../worker/worker-host.ts'
import { loadPdfium } from './pdfium.ts'
import type { Pdfium } from './pdfium.ts'
import { readPdf } from './read-pdf.ts'

// The entry of the worker thread. Errors lose their class on the way to the other thread, so they are told as answers.

function answer(engine: Pdfium, request: WorkerRequest): PdfReply {
  try {
    const outcome = readPdf(engine, request)
    return { ...outcome, memoryBytes: engine.pdfium.HEAPU8.length }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { type: 'crashed', message, memoryBytes: engine.pdfium.HEAPU8.length }
  }
}

const engine = await loadPdfium()
parentPort?.on('message', (request: WorkerRequest) => parentPort?.postMessage(answer(engine, request), []))
