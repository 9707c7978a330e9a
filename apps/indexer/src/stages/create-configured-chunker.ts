import { createChunker } from '@quern/chunker'
import type { Chunker, Embedder } from '@quern/core'
import type { ResolvedConfig } from '../config/resolved-config.ts'

/** A chunker whose pieces fit the embedder's model. */
export function createConfiguredChunker({ chunking }: ResolvedConfig, embedder: Embedder): Chunker {
  const { targetTokens, overlapTokens, strategy } = chunking
  return createChunker({
    maxTokens: embedder.maxTokens,
    countTokens: (text) => embedder.countTokens(text),
    ...(targetTokens === undefined ? {} : { targetTokens }),
    ...(overlapTokens === undefined ? {} : { overlapTokens }),
    ...(strategy === undefined ? {} : { strategy }),
  })
}
