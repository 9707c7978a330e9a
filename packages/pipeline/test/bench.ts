import { createMemoryStore, isQuernError } from '@quern/core'
import type { QuernError, VectorStore } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import type { FakeEmbedder } from '@quern/core/testing'
import { indexCorpus } from '../src/index.ts'
import type { IndexOptions, PipelineEvent, RunReport } from '../src/index.ts'
import { createLineChunker, createMemoryCorpus } from './memory-corpus.ts'
import type { MemoryCorpus } from './memory-corpus.ts'

/** A corpus, a store and runs between them. */
export interface Bench {
  readonly corpus: MemoryCorpus
  readonly store: VectorStore
  /** Of the last run. */
  readonly embedder: () => FakeEmbedder
  readonly run: (options?: Partial<IndexOptions>) => Promise<RunReport>
  readonly events: PipelineEvent[]
}

/** A bench with these files. */
export function createBench(files: Record<string, string>): Bench {
  const corpus = createMemoryCorpus(files)
  let embedder = createFakeEmbedder()
  const store = createMemoryStore({ space: embedder.space })
  const events: PipelineEvent[] = []
  return {
    corpus,
    store,
    events,
    embedder: () => embedder,
    run: async (options = {}) => {
      embedder = createFakeEmbedder()
      events.length = 0
      const onEvent = (event: PipelineEvent): void => void events.push(event)
      return indexCorpus({ loader: corpus, chunker: createLineChunker(), embedder, store, onEvent, ...options })
    },
  }
}

/** What a store holds, as `source: text`. */
export async function texts(store: VectorStore): Promise<string[]> {
  const found: string[] = []
  for await (const chunk of store.getChunks()) found.push(`${chunk.metadata.source}: ${chunk.pageContent}`)
  return found.toSorted()
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<QuernError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!isQuernError(error)) throw new Error(`expected a QuernError, got ${String(error)}`)
  return error
}

/** So many files of one line. */
export function manyFiles(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`docs/${String(i).padStart(3, '0')}.md`, `file ${i}`]),
  )
}
