import type { Chunk, Chunker } from '@quern/core'
import { type ChunkerOptions, recipeOf, resolveOptions } from './chunker-options.ts'
import { splitDocument, type StreamedDocument } from './split-document.ts'

/** A chunker that also splits texts which are never in memory as a whole. */
export interface TextChunker extends Chunker {
  /** Whether tokens are estimated, for no `countTokens` was given. */
  readonly estimatesTokens: boolean
  /**
   * The same chunks as `split()` would give for the joined text, while no more than about a million characters of it are held, with a
   * hash for each chunk so far. `text` is iterated once.
   */
  splitStream(document: StreamedDocument): AsyncIterable<Chunk>
}

/**
 * A chunker that cuts documents where their structure suggests it and never over `maxTokens`. Every character that is not white
 * space is in a chunk; chunks repeat text only where `overlapTokens` is set. Splitting gives way to the event loop now and then.
 * Throws `OPTION_INVALID`, as does iterating where `countTokens` gives no number or leaves no room for a letter, or where a splitter
 * returns text that is not in the document. A single character that does not fit rejects with `TEXT_TOO_LONG`.
 */
export function createChunker(options: ChunkerOptions): TextChunker {
  const resolved = resolveOptions(options)
  return {
    recipe: recipeOf(resolved),
    estimatesTokens: resolved.isEstimate,
    split: ({ pageContent, ...document }) => splitDocument({ ...document, text: [pageContent] }, resolved),
    splitStream: (document) => splitDocument(document, resolved),
  }
}
