import { QuernError } from '@quern/core'
import { isolatedReaders } from './isolated-readers.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'
import type { ReaderReply } from './worker/reader-messages.ts'
import { createWorkerHost } from './worker/worker-host.ts'

/** Readers that share a worker thread, started by the first file. */
export interface WorkerReaders {
  readonly readers: readonly Reader[]
  /** Ends the worker. Safe to call twice. */
  close(): Promise<void>
}

export interface WorkerReadersOptions {
  /** Module that the worker runs; for tests. */
  readonly workerUrl?: URL
}

/** A worker whose heap has grown beyond this is ended after its answer. */
const keptHeapBytes = 2 ** 28

// The worker's own module stands below this one, as source or compiled.
const ownWorkerUrl = import.meta.url.endsWith('.ts')
  ? new URL('./worker/reader-worker.ts', import.meta.url)
  : new URL('./worker/reader-worker.js', import.meta.url)

function toResult(reply: ReaderReply): ReadResult {
  if (reply.type === 'read') return reply.result
  const { code, message, hint } = reply
  throw new QuernError(code, message, hint === undefined ? {} : { hint })
}

/**
 * The isolated readers, each reading in a worker thread that they share. Files are read one at a time; the worker is ended when a file takes
 * longer than `timeoutMs` (counted from its turn) or more than 1 GiB of heap, and replaced.
 */
export function createWorkerReaders({ workerUrl = ownWorkerUrl }: WorkerReadersOptions = {}): WorkerReaders {
  const host = createWorkerHost<ReaderReply>({
    workerUrl,
    engine: 'its reader',
    remedy: 'If it happens to every file, install the package again.',
    isSpent: ({ heapBytes }) => heapBytes > keptHeapBytes,
  })
  const read = async (request: ReadRequest): Promise<ReadResult> => toResult(await host.read(request))
  const readers = isolatedReaders.map((reader): Reader => Object.assign({}, reader, { read }))
  return { readers, close: () => host.close() }
}
