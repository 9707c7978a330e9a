import { Worker } from 'node:worker_threads'
import { errorMessage, QuernError } from '@quern/core'
import type { ReadRequest } from '../reader.ts'
import type { PdfReply, PdfRequest } from './pdf-messages.ts'

/** Reads PDFs one after the other, each in the same worker thread as long as that does well. */
export interface PdfHost {
  /** Resolves with the worker's answer; rejects with `TIMEOUT`, `RESOURCE_LIMIT`, or the reason of the signal. */
  read(request: ReadRequest): Promise<PdfReply>
  /** Ends the worker; what is being read rejects. Safe to call twice. */
  close(): Promise<void>
}

export interface PdfHostOptions {
  /** Module that the worker runs. */
  readonly workerUrl: URL
}

interface HostState extends PdfHostOptions {
  worker: Worker | undefined
  /** Settles when all that was asked before is done. Never rejects. */
  queue: Promise<unknown>
  closed: boolean
}

/** About four hours of novels. */
const maxCharacters = 2 ** 26

/** The engine's memory never shrinks: a worker that holds more is ended after its answer. */
const keptMemoryBytes = 2 ** 28

function startWorker(state: HostState): Worker {
  // What the engine prints stays out of the process's own streams. Unread on purpose: reading would keep the process alive.
  const worker = new Worker(state.workerUrl, { stdout: true, stderr: true, execArgv: [] })
  const forget = () => {
    if (state.worker === worker) state.worker = undefined
  }
  worker.on('error', forget)
  worker.on('exit', forget)
  return worker
}

function timeout({ sourceId, timeoutMs }: ReadRequest): QuernError {
  return new QuernError('TIMEOUT', `${sourceId} could not be read within ${timeoutMs} ms`, {
    hint: 'Exclude the file, or grant more time.',
  })
}

function engineFailed(sourceId: string, why: string, cause?: unknown): QuernError {
  return new QuernError('RESOURCE_LIMIT', `${sourceId} could not be read: the PDF engine broke down (${why})`, {
    hint: 'Exclude the file. If it happens to every PDF, install the package @embedpdf/pdfium again.',
    cause,
  })
}

/** Asks an idle worker. Rejects when the worker ends, the time is up or the signal aborts: the worker is then of no more use. */
function ask(worker: Worker, request: ReadRequest): Promise<PdfReply> {
  const { bytes, sourceId, timeoutMs, signal } = request
  const { promise, resolve, reject } = Promise.withResolvers<PdfReply>()
  const onError = (error: unknown) => reject(engineFailed(sourceId, errorMessage(error), error))
  const onExit = (code: number) => reject(engineFailed(sourceId, `it ended with code ${code}`))
  // The signal's reason is passed on as it is, whatever it is.
  const onAbort = () => reject(signal?.reason as Error)
  const timer = setTimeout(() => reject(timeout(request)), timeoutMs)
  worker.once('message', resolve).once('error', onError).once('exit', onExit)
  signal?.addEventListener('abort', onAbort, { once: true })
  worker.ref()
  const message: PdfRequest = { bytes: new Uint8Array(bytes), maxCharacters }
  worker.postMessage(message, [message.bytes.buffer as ArrayBuffer])
  return promise.finally(() => {
    clearTimeout(timer)
    worker.off('message', resolve).off('error', onError).off('exit', onExit)
    signal?.removeEventListener('abort', onAbort)
    worker.unref()
  })
}

async function endWorker(state: HostState): Promise<void> {
  const { worker } = state
  state.worker = undefined
  await worker?.terminate()
}

async function readInTurn(state: HostState, request: ReadRequest): Promise<PdfReply> {
  request.signal?.throwIfAborted()
  if (state.closed) throw closed(request)
  state.worker ??= startWorker(state)
  try {
    const reply = await ask(state.worker, request)
    if (reply.type === 'crashed' || reply.memoryBytes > keptMemoryBytes) await endWorker(state)
    return reply
  } catch (error) {
    await endWorker(state)
    throw state.closed ? closed(request, error) : error
  }
}

function closed({ sourceId }: ReadRequest, cause?: unknown): QuernError {
  return new QuernError('UNREADABLE', `${sourceId} was not read: the PDF reader is closed`, {
    hint: 'Close readers only after the last file.',
    cause,
  })
}

/** Rejects with the signal's reason as soon as it aborts, though `promise` may settle later. */
function untilAborted<Result>(promise: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return promise
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason as Error)
  signal.addEventListener('abort', onAbort, { once: true })
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort))
}

/** A host without a worker: it is started by the first file, and does not keep the process alive between files. */
export function createPdfHost({ workerUrl }: PdfHostOptions): PdfHost {
  const state: HostState = { workerUrl, worker: undefined, queue: Promise.resolve(), closed: false }
  return {
    async read(request) {
      request.signal?.throwIfAborted()
      const turn = state.queue.then(() => readInTurn(state, request))
      state.queue = turn.catch(() => undefined)
      return untilAborted(turn, request.signal)
    },
    async close() {
      state.closed = true
      await endWorker(state)
      await state.queue
    },
  }
}
