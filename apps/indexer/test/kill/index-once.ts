import { createChunker } from '@quern/chunker'
import { openFileLoader } from '@quern/loader'
import { indexCorpus } from '@quern/pipeline'
import type { PipelineEvent, RunReport } from '@quern/pipeline'
import { openJsonStore } from '@quern/store-json'
import { createFakeEmbedder } from '@quern/test-fixtures'

export interface IndexOnceOptions {
  readonly corpus: string
  readonly store: string
  readonly onEvent?: (event: PipelineEvent) => void
  readonly beforeText?: (text: string) => void
}

export interface IndexedOnce {
  readonly report: RunReport
  /** Texts that were sent to the embedder. */
  readonly embedded: readonly string[]
}

/** One run over real files into a real store, with an embedder that records; batches of a few chunks, so that there are many commits. */
export async function indexOnce({ corpus, store: path, onEvent, beforeText }: IndexOnceOptions): Promise<IndexedOnce> {
  const embedder = createFakeEmbedder(beforeText === undefined ? {} : { beforeText })
  await using loader = await openFileLoader({ roots: [{ path: corpus, name: 'docs' }] })
  await using store = await openJsonStore({ path, mode: 'write', space: embedder.space })
  const chunker = createChunker({ maxTokens: 64, targetTokens: 32, countTokens: (text) => embedder.countTokens(text) })
  const report = await indexCorpus({ loader, chunker, embedder, store, onEvent, batchChunks: 4 })
  return { report, embedded: embedder.embedded }
}

/** Everything that a store holds but for moments in time, in an order of its own. */
export interface StoreContents {
  readonly sources: readonly unknown[]
  readonly chunks: readonly unknown[]
  readonly texts: ReadonlySet<string>
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1
}

function hex(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('hex')
}

export async function readStore(path: string): Promise<StoreContents> {
  await using store = await openJsonStore({ path, mode: 'read' })
  const states = await Array.fromAsync(store.listSources())
  const chunks = await Array.fromAsync(store.getChunks())
  return {
    sources: states.toSorted(byId).map((state) => Object.assign({}, state, { observedAt: '' })),
    chunks: chunks
      .toSorted(byId)
      .map((chunk) => Object.assign({}, chunk, { createdAt: '', vector: hex(chunk.vector) })),
    texts: new Set(chunks.map(({ embedText }) => embedText)),
  }
}
