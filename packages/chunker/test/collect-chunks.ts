import type { Chunk, Document } from '@quern/core'
import { type ChunkerOptions, createChunker } from '../src/index.ts'

/** A document of Markdown, unless its metadata say otherwise. */
export function documentOf(pageContent: string, metadata: Document['metadata'] | object = {}): Document {
  return { pageContent, metadata: { source: 'docs/guide.md', mediaType: 'text/markdown', ...metadata } }
}

/** All chunks of a document. */
export async function collectChunks(document: Document, options: ChunkerOptions): Promise<Chunk[]> {
  return Array.fromAsync(createChunker(options).split(document))
}
