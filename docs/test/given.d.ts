import type { Document as LangChainDocument } from '@langchain/core/documents'
import type { ChunkerOptions, TextChunker } from '@quern/chunker'
import type { Embedder as CoreEmbedder, VectorStore as CoreStore } from '@quern/core'

// What snippets use without making or importing it.
declare global {
  const createChunker: (options: ChunkerOptions) => TextChunker
  const countTokens: (text: string) => number
  const embedder: CoreEmbedder
  const store: CoreStore
  const from: CoreStore
  const to: CoreStore
  const documents: LangChainDocument[]
}
