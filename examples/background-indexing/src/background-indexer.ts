import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { RunReport } from '@quern/pipeline'
import type { FromWorker, IndexSettings, ToWorker } from './messages.ts'

/** An index that is brought up to date in a worker thread. */
export interface BackgroundIndexer extends AsyncDisposable {
  /**
   * Brings the store up to date. When the signal aborts, what is whole is committed and the report says `interrupted`; the next call goes on
   * from there and embeds nothing twice. One call at a time.
   */
  readonly index: (options?: { readonly signal?: AbortSignal }) => Promise<RunReport>
  /** Chunks embedded by the call that is under way. */
  readonly embedded: () => number
}

/** Starts the worker. */
export function createBackgroundIndexer(settings: IndexSettings): BackgroundIndexer {
  const worker = new Worker(new URL('index-worker.ts', import.meta.url), { workerData: settings })
  const exit = once(worker, 'exit')
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
  const send = (message: ToWorker): void => worker.postMessage(message)
  let embedded = 0
  let waiting: PromiseWithResolvers<RunReport> | undefined
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'embedded') embedded = message.chunks
    if (message.type === 'finished') waiting?.resolve(message.report)
    if (message.type === 'failed') waiting?.reject(new Error(message.message))
  })
  worker.on('error', (error) => waiting?.reject(error))
  return {
    async index({ signal } = {}) {
      signal?.throwIfAborted()
      const pause = (): void => send({ type: 'pause' })
      embedded = 0
      waiting = Promise.withResolvers()
      signal?.addEventListener('abort', pause, { once: true })
      send({ type: 'index' })
      try {
        return await waiting.promise
      } finally {
        signal?.removeEventListener('abort', pause)
      }
    },
    embedded: () => embedded,
    async [Symbol.asyncDispose]() {
      send({ type: 'close' })
      await exit
    },
  }
}
