import { createChunker } from '@quern/chunker'
import type { Embedder, VectorStore } from '@quern/core'
import { openFileLoader } from '@quern/loader'
import { indexCorpus } from '@quern/pipeline'

/** What an index of a corpus is made with. */
export interface IndexBeirFolderOptions {
  readonly folder: string
  readonly embedder: Embedder
  readonly store: VectorStore
}

/** Indexes the documents of a folder in BEIR's format through the pipeline, as records of `corpus.jsonl`. Returns the recipe of the pieces. */
export async function indexBeirFolder({ folder, embedder, store }: IndexBeirFolderOptions): Promise<string> {
  await using loader = await openFileLoader({
    roots: [{ path: folder, name: 'corpus', only: ['corpus.jsonl'] }],
    records: [{ files: ['corpus.jsonl'], id: '_id', text: ['text'], title: 'title', metadata: [] }],
  })
  const chunker = createChunker({ maxTokens: embedder.maxTokens, countTokens: (text) => embedder.countTokens(text) })
  const report = await indexCorpus({ loader, chunker, embedder, store })
  if (report.sources.failed > 0) throw new Error(`${report.sources.failed} documents of ${folder} could not be read`)
  return chunker.recipe
}
