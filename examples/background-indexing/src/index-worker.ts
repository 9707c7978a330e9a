// Runs in a worker thread: everything that takes time is here.
import { parentPort, workerData } from 'node:worker_threads'
import { createChunker } from '@quern/chunker'
import { openLlamaEmbedder } from '@quern/embedder'
import { openFileLoader } from '@quern/loader'
import { indexCorpus } from '@quern/pipeline'
import { openJsonStore } from '@quern/store-json'
import type { FromWorker, IndexSettings, ToWorker } from './messages.ts'

const port = parentPort
if (port === null) throw new Error('index-worker.ts is to be run as a worker thread')
const { folder, storePath, modelPath, concurrency } = workerData as IndexSettings
const tell = (message: FromWorker): void => port.postMessage(message)

await using embedder = await openLlamaEmbedder({ modelPath, concurrency })
const chunker = createChunker({ maxTokens: embedder.maxTokens, countTokens: (text) => embedder.countTokens(text) })
let pausing = new AbortController()
let running: Promise<void> | undefined

/** One run. It holds the writer's lock no longer than it lasts, so that while it is paused others may write. */
async function index(stop: AbortSignal): Promise<void> {
  await using loader = await openFileLoader({ roots: [{ path: folder }] })
  await using store = await openJsonStore({ path: storePath, mode: 'write', space: embedder.space })
  const report = await indexCorpus({
    loader,
    chunker,
    embedder,
    store,
    stop,
    batchSeconds: 1,
    onEvent: (event) => {
      if (event.type === 'chunk-embedded') tell({ type: 'embedded', chunks: event.embedded })
    },
  })
  tell({ type: 'finished', report })
}

const closed = Promise.withResolvers<void>()
port.on('message', ({ type }: ToWorker) => {
  if (type === 'pause') pausing.abort()
  if (type === 'index') {
    pausing = new AbortController()
    running = index(pausing.signal).catch((error: unknown) => tell({ type: 'failed', message: String(error) }))
  }
  if (type === 'close') {
    pausing.abort()
    port.close()
    closed.resolve()
  }
})
await closed.promise
await running
