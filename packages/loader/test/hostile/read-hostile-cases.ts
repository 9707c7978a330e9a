import { isQuernError } from '@quern/core'
import { codeReader } from '../../src/readers/code-reader.ts'
import { markdownReader } from '../../src/readers/markdown-reader.ts'
import { createPdfReader } from '../../src/readers/pdf-reader.ts'
import { readerFor } from '../../src/readers/reader-for.ts'
import type { Reader } from '../../src/readers/reader.ts'
import { textReader } from '../../src/readers/text-reader.ts'
import { createWorkerReaders } from '../../src/readers/worker-readers.ts'
import { makePdf } from '../readers/make-pdf.ts'
import { makeDocx } from '../readers/office-documents.ts'
import { hostileCases } from './all-cases.ts'
import type { HostileCase } from './hostile-case.ts'
import { refuseNetwork } from './refuse-network.ts'

// Run as a process of its own: reads every hostile case, and prints for each a line of JSON with what became of it.

/** What became of a case. */
export interface HostileOutcome {
  readonly what: string
  /** `read`, or the code of the refusal. */
  readonly outcome: string
  /** The text, or the message of the refusal: its begin, an ellipsis, its end. */
  readonly says: string
  readonly timeoutMs: number
  readonly milliseconds: number
  /** Whether a good file of the same format was read after it. */
  readonly isNextRead: boolean
  /** Most memory of the process so far. */
  readonly peakBytes: number
}

/** Time for a case that must end by its limit, and for all others. */
const bombMs = 500
const usualMs = 30_000
const longestSaying = 300

refuseNetwork()
const pdfReader = createPdfReader({ workerUrl: new URL('offline-pdf-worker.ts', import.meta.url) })
const workers = createWorkerReaders({ workerUrl: new URL('offline-reader-worker.ts', import.meta.url) })
const readers: readonly Reader[] = [markdownReader, pdfReader, ...workers.readers, textReader, codeReader]

async function read(file: string, bytes: Uint8Array, limit: number) {
  const reader = readerFor(file, readers)
  if (reader === undefined) throw new Error(`no reader for ${file}`)
  const outcome = await reader.read({ bytes, sourceId: `docs/${file}`, timeoutMs: limit }).then(
    ({ pageContent }) => ({ outcome: 'read', says: pageContent }),
    (error: unknown) =>
      isQuernError(error) ? { outcome: error.code, says: error.message } : { outcome: String(error), says: '' },
  )
  const { says } = outcome
  return { ...outcome, says: `${says.slice(0, longestSaying)} … ${says.slice(-longestSaying)}` }
}

const goodPdf = makePdf({ pages: [{ lines: ['fine'] }] })
const goodDocx = makeDocx('<w:p><w:r><w:t>fine</w:t></w:r></w:p>')

async function isNextRead(file: string): Promise<boolean> {
  const next = file.endsWith('.pdf') ? await read('b.pdf', goodPdf, usualMs) : await read('b.docx', goodDocx, usualMs)
  return next.says.startsWith('fine')
}

function timeFor({ outcome }: HostileCase): number {
  return outcome === 'TIMEOUT' ? bombMs : usualMs
}

for (const hostileCase of hostileCases) {
  const { what, file, bytes } = hostileCase
  const content = bytes()
  const timeoutMs = timeFor(hostileCase)
  const began = performance.now()
  const outcome = await read(file, content, timeoutMs)
  const milliseconds = performance.now() - began
  const peakBytes = process.resourceUsage().maxRSS * 1024
  const line: HostileOutcome = {
    what,
    ...outcome,
    timeoutMs,
    milliseconds,
    isNextRead: await isNextRead(file),
    peakBytes,
  }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
await pdfReader[Symbol.asyncDispose]()
await workers.close()
