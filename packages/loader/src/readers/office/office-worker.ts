import { parentPort } from 'node:worker_threads'
import type { WorkerRequest } from '../worker/worker-host.ts'
import { OfficeError } from './office-error.ts'
import type { OfficeReply } from './office-messages.ts'
import { readOfficeFile } from './read-office-file.ts'

// The entry of the worker thread. Errors lose their class on the way to the other thread, so they are told as answers.

async function answer(request: WorkerRequest): Promise<OfficeReply> {
  try {
    return { type: 'read', document: await readOfficeFile(request) }
  } catch (error) {
    if (error instanceof OfficeError) return { type: 'refused', code: error.code, message: error.message }
    return { type: 'refused', code: 'CORRUPT', message: error instanceof Error ? error.message : String(error) }
  }
}

parentPort?.on('message', (request: WorkerRequest) => {
  void answer(request).then((reply) => parentPort?.postMessage(reply, []))
})
