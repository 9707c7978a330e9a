import { Worker } from 'node:worker_threads'
import { errorMessage, QuernError } from '@quern/core'
import type { ReadRequest } from '../reader.ts'

/** What a worker is asked: to read one file. The bytes are handed over, not copied. */
export interface WorkerRequest {
  readonly bytes: Uint8Array
  /** Longest text to return, in UTF-16 code units. */
  readonly maxCharacters: number
  /** Id of the source; its ending tells the format where a worker reads several. */
  readonly sourceId: string
}

/** Reads files one after the other, each in the same worker thread as long as that does well. */
export interface WorkerHost<Reply> {
  /** Resolves with the worker's answer; rejects with `TIMEOUT`, `RESOURCE_LIMIT`, or the reason of the signal. */
  read(request: ReadRequest): Promise<Reply>
  /** Ends the worker; what is being read rejects. Safe to call twice. */
  close(): Promise<void>
}

/** How files are read in a worker. */
export interface WorkerHostOptions<Reply> {
  /** Module that the worker runs: it answers each `WorkerRequest` with one `Reply`. */
  readonly workerUrl: URL
  /** What reads, for messages: `the PDF engine`. */
  readonly engine: string
  /** What to do when it never works, for messages. */
  readonly remedy: string
  /** Whether the worker is to be ended after this answer. */
  readonly isSpent: (reply: Reply) => boolean
}

interface HostState<Reply> extends WorkerHostOptions<Reply> {
  worker: Worker | undefined
  /** Settles when all that was asked before is done. Never rejects. */
  queue: Promise<unknown>
  closed: boolean
}

/** About four hours of novels. */
const maxCharacters = 2 ** 26

/** A file that makes a reader need more than this is an attack or damaged. */
const resourceLimits = { maxOldGenerationSizeMb: 1024 }

function startWorker<Reply>(state: HostState<Reply>): Worker {
  // What the engine prints stays out of the process's own streams. Unread on purpose: reading would keep the process alive.
  const worker = new Worker(state.workerUrl, { stdout: true, stderr: true, execArgv: [], resourceLimits })
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

interface EngineFailure extends Pick<WorkerHostOptions<never>, 'engine' | 'remedy'> {
  readonly sourceId: string
  readonly why: string
  readonly cause?: unknown
}

function engineFailed({ engine, remedy, sourceId, why, cause }: EngineFailure): QuernError {
  return new QuernError('RESOURCE_LIMIT', `${sourceId} could not be read: ${engine} broke down (${why})`, {
    hint: `Exclude the file. ${remedy}`,
    cause,
  })
}

/** Asks an idle worker. Rejects when the worker ends, the time is up or the signal aborts: the worker is then of no more use. */
function ask<Reply>(worker: Worker, request: ReadRequest, { engine, remedy }: HostState<Reply>): Promise<Reply> {
  const { bytes, sourceId, timeoutMs, signal } = request
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const onError = (error: unknown) =>
    reject(engineFailed({ engine, remedy, sourceId, why: errorMessage(error), cause: error }))
  const onExit = (code: number) => reject(engineFailed({ engine, remedy, sourceId, why: `it ended with code ${code}` }))
  // The signal's reason is passed on as it is, whatever it is.
  const onAbort = () => reject(signal?.reason as Error)
  const timer = setTimeout(() => reject(timeout(request)), timeoutMs)
  worker.once('message', resolve).once('error', onError).once('exit', onExit)
  signal?.addEventListener('abort', onAbort, { once: true })
  worker.ref()
  const message: WorkerRequest = { bytes: new Uint8Array(bytes), maxCharacters, sourceId }
  worker.postMessage(message, [message.bytes.buffer as ArrayBuffer])
  return promise.finally(() => {
    clearTimeout(timer)
    worker.off('message', resolve).off('error', onError).off('exit', onExit)
    signal?.removeEventListener('abort', onAbort)
    worker.unref()
  })
}

async function endWorker<Reply>(state: HostState<Reply>): Promise<void> {
  const { worker } = state
  state.worker = undefined
  await worker?.terminate()
}

async function readInTurn<Reply>(state: HostState<Reply>, request: ReadRequest): Promise<Reply> {
  request.signal?.throwIfAborted()
  if (state.closed) throw closed(request)
  state.worker ??= startWorker(state)
  try {
    const reply = await ask(state.worker, request, state)
    if (state.isSpent(reply)) await endWorker(state)
    return reply
  } catch (error) {
    await endWorker(state)
    throw state.closed ? closed(request, error) : error
  }
}

function closed({ sourceId }: ReadRequest, cause?: unknown): QuernError {
  return new QuernError('UNREADABLE', `${sourceId} was not read: the reader is closed`, {
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
export function createWorkerHost<Reply>(options: WorkerHostOptions<Reply>): WorkerHost<Reply> {
  const state: HostState<Reply> = { ...options, worker: undefined, queue: Promise.resolve(), closed: false }
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
