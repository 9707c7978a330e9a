import { type Chunk, type Chunker, chunkId, type ChunkMetadata, type Document, textHash } from '@quern/core'
import { type ChunkerOptions, recipeOf, resolveOptions, type ResolvedOptions } from './chunker-options.ts'
import { createComposer, type Piece } from './compose-piece.ts'
import { findSections } from './find-sections.ts'
import { groupSections } from './group-sections.ts'
import { headingSyntax } from './heading-syntax.ts'
import { createLineIndex } from './line-index.ts'
import { locateSegments } from './locate-segments.ts'
import { packAtoms } from './pack-atoms.ts'
import { createPause } from './pause.ts'
import { tokenWeight } from './text-weight.ts'

async function* splitText(document: Document, options: ResolvedOptions): AsyncGenerator<Piece> {
  const text = document.pageContent
  const composer = createComposer(text, options)
  const pause = createPause()
  const sections = findSections(text, headingSyntax(options.format, document.metadata), pause)
  const small = (options.targetTokens * tokenWeight) / 4
  for await (const group of groupSections(sections, small)) yield* packAtoms(composer, group, pause)
}

/** Metadata of the chunks of a document: what is known of the document itself, without absent values, is copied once. */
function createDescriber({
  pageContent,
  metadata,
  firstLine = 1,
  segments = [],
}: Document): (piece: Piece, chunk: number) => ChunkMetadata {
  const known = Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined))
  const line = createLineIndex(pageContent, firstLine)
  return (piece, chunk) => {
    const { start, end, tokens, path } = piece
    const headings = path.map(({ title }) => title).filter((title) => title !== '')
    return {
      ...known,
      source: metadata.source,
      ...locateSegments(segments, piece),
      ...(headings.length === 0 ? {} : { headings }),
      chunk,
      start,
      end,
      lines: { from: line(start), to: line(end - 1) },
      tokens,
    }
  }
}

async function* splitDocument(document: Document, options: ResolvedOptions): AsyncGenerator<Chunk> {
  const { pageContent, metadata } = document
  if (pageContent.trim() === '') return
  const describe = createDescriber(document)
  const ordinals = new Map<string, number>()
  let chunk = 0
  for await (const piece of splitText(document, options)) {
    const hash = textHash(piece.embedText)
    const ordinal = ordinals.get(hash) ?? 0
    ordinals.set(hash, ordinal + 1)
    yield {
      id: chunkId(metadata.source, hash, ordinal),
      pageContent: pageContent.slice(piece.start, piece.end),
      embedText: piece.embedText,
      textHash: hash,
      metadata: describe(piece, chunk),
    }
    chunk++
  }
}

/**
 * A chunker that cuts documents where their structure suggests it and never over `maxTokens`. Every character that is not white
 * space is in a chunk; chunks repeat text only where `overlapTokens` is set. Splitting gives way to the event loop now and then.
 * Throws `OPTION_INVALID`, as does iterating where `countTokens` gives no number or leaves no room for a letter. A single
 * character that does not fit rejects with `TEXT_TOO_LONG`.
 */
export function createChunker(options: ChunkerOptions): Chunker {
  const resolved = resolveOptions(options)
  return { recipe: recipeOf(resolved), split: (document) => splitDocument(document, resolved) }
}
