import { posix } from 'node:path'
import { getHeapStatistics } from 'node:v8'
import { parentPort } from 'node:worker_threads'
import { errorMessage, isQuernError } from '@quern/core'
import type { QuernError } from '@quern/core'
import { isolatedReaders } from '../isolated-readers.ts'
import { corruptFile, resourceLimit } from '../reader-errors.ts'
import { readerFor } from '../reader-for.ts'
import type { ReadResult } from '../reader.ts'
import type { ReaderReply } from './reader-messages.ts'
import type { WorkerRequest } from './worker-host.ts'

// The entry of the worker thread.

/** The host has the clock. */
const timeoutMs = Infinity

async function read({ bytes, sourceId, maxCharacters }: WorkerRequest): Promise<ReadResult> {
  const reader = readerFor(posix.basename(sourceId), isolatedReaders)
  if (reader === undefined) throw corruptFile(sourceId, 'its ending is none that is read here')
  const result = await reader.read({ bytes, sourceId, timeoutMs })
  if (result.pageContent.length <= maxCharacters) return result
  throw resourceLimit(sourceId, `its text is longer than ${maxCharacters} characters`)
}

function asQuernError(error: unknown, sourceId: string): QuernError {
  if (isQuernError(error)) return error
  // The engine's own limits: the length of a string, the depth of the stack.
  if (error instanceof RangeError) return resourceLimit(sourceId, error.message, error)
  return corruptFile(sourceId, errorMessage(error), error)
}

async function answer(request: WorkerRequest): Promise<ReaderReply> {
  try {
    const result = await read(request)
    return { type: 'read', result, heapBytes: getHeapStatistics().total_heap_size }
  } catch (error) {
    const { code, message, hint } = asQuernError(error, request.sourceId)
    return { type: 'refused', code, message, hint, heapBytes: getHeapStatistics().total_heap_size }
  }
}

parentPort?.on('message', (request: WorkerRequest) => {
  void answer(request).then((reply) => parentPort?.postMessage(reply, []))
})
