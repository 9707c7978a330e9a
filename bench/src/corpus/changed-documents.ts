import type { SourceChunks } from '@quern/core'
import type { GeneratedCorpus } from './generated-corpus.ts'

/** Ten documents, spread over the corpus, all of whose chunks are new since the round before: 200 chunks in documents of 20. */
export function changedDocuments(corpus: GeneratedCorpus, round: number): SourceChunks[] {
  const count = Math.min(10, corpus.documents)
  return Array.from({ length: count }, (_, i) => corpus.document(Math.floor((i * corpus.documents) / count), round + 1))
}
