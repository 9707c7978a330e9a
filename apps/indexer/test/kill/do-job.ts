import { createChunker } from '@quern/chunker'
import type { Embedder, VectorStore } from '@quern/core'
import { openFileLoader } from '@quern/loader'
import { indexCorpus, reembedInPlace } from '@quern/pipeline'
import type { OpenStoreFolder } from '@quern/pipeline'
import { createFakeEmbedder } from '@quern/test-fixtures'
import { watched } from './fail-points.ts'
import type { PassPoint } from './fail-points.ts'
import { openToWrite } from './stored-at.ts'
import type { StoreType } from './stored-at.ts'

/** Chunks in a batch: few, so that there are many commits. */
const batchChunks = 4
const storeMethods = ['listSources', 'findVectors', 'getChunks', 'commit', 'close']

/** Work on a store, as a process does it from its beginning to its end. */
export interface Job {
  readonly job: 'index' | 'reembed'
  readonly type: StoreType
  readonly corpus: string
  /** Folder of the store. */
  readonly store: string
  readonly pass?: PassPoint
  /** Called with each text before it is embedded. */
  readonly onText?: (text: string) => void
}

/** What was done. */
export interface DoneJob {
  readonly failed: number
  readonly written: number
  /** Texts that were sent to the model. */
  readonly embedded: readonly string[]
  /** Most chunks in one commit. */
  readonly largestBatch: number
}

const ignore: PassPoint = () => {}

/** A store of which the commits are measured. */
function measured(store: VectorStore, sizes: number[]): VectorStore {
  const commit = store.commit.bind(store)
  store.commit = async (batch, options) => {
    sizes.push((batch.put ?? []).reduce((sum, { chunks }) => sum + chunks.length, 0))
    await commit(batch, options)
  }
  return store
}

function openStore({ type, pass = ignore }: Job, sizes: number[]): OpenStoreFolder {
  return async (path, space) => {
    const store = measured(await openToWrite(type, path, space), sizes)
    pass('after opening the store')
    return watched(store, 'store', storeMethods, pass)
  }
}

async function indexOnce(options: Job, embedder: Embedder, sizes: number[]) {
  const { corpus, store: path, pass = ignore } = options
  const files = await openFileLoader({ roots: [{ path: corpus, name: 'docs' }] })
  await using loader = watched(files, 'loader', ['list', 'close'], pass)
  await using store = await openStore(options, sizes)(path, embedder.space)
  const split = createChunker({ maxTokens: 64, targetTokens: 32, countTokens: (text) => embedder.countTokens(text) })
  const chunker = watched(split, 'chunker', ['split'], pass)
  const onEvent = ({ type }: { readonly type: string }): void => pass(type)
  const { sources, chunks } = await indexCorpus({ loader, chunker, embedder, store, onEvent, batchChunks })
  return { failed: sources.failed, written: chunks.written }
}

async function reembedOnce(options: Job, embedder: Embedder, sizes: number[]) {
  const { store: folder, pass = ignore } = options
  const onEvent = ({ type }: { readonly type: string }): void => pass(type)
  const { sources, chunks } = await reembedInPlace({
    folder,
    open: openStore(options, sizes),
    embedder,
    batchChunks,
    onEvent,
  })
  return { failed: sources.failed, written: chunks.written }
}

/** Does a job with an embedder that records. */
export async function doJob(options: Job): Promise<DoneJob> {
  const { job, pass = ignore, onText = () => {} } = options
  const beforeText = (text: string): void => {
    onText(text)
    pass('before a text')
  }
  const model = job === 'index' ? 'fake' : 'other'
  const fake = createFakeEmbedder({ model, maxTokens: 1000, beforeText })
  const embedder = watched(fake, 'embedder', ['load'], pass)
  const sizes: number[] = [0]
  const report = await (job === 'index' ? indexOnce : reembedOnce)(options, embedder, sizes)
  return { ...report, embedded: fake.embedded, largestBatch: Math.max(...sizes) }
}
