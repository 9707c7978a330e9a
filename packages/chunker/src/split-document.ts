import { type Chunk, chunkId, type ChunkMetadata, type Document, textHash } from '@quern/core'
import type { ResolvedOptions } from './chunker-options.ts'
import { type Composer, createComposer, type Piece } from './packing/compose-piece.ts'
import { locateSegments } from './packing/locate-segments.ts'
import { type Floor, packAtoms } from './packing/pack-atoms.ts'
import { groupPieces } from './splitting/group-pieces.ts'
import { createRecursiveSplitter } from './splitting/recursive-splitter.ts'
import { findSections } from './structure/find-sections.ts'
import { groupByPart, groupSections } from './structure/group-sections.ts'
import { partStarts, partStartsWithin } from './structure/part-starts.ts'
import { emptyCarry, type Section } from './structure/section.ts'
import { codeLanguage, textSyntax, type TextSyntax } from './structure/text-syntax.ts'
import { createLineIndex } from './text/line-index.ts'
import { createPause, type Pause } from './text/pause.ts'
import { longestWindow, readWindows, type Window } from './text/read-windows.ts'
import { tokenWeight } from './text/text-weight.ts'

/** A document whose text comes in parts. */
export interface StreamedDocument extends Omit<Document, 'pageContent'> {
  /** The parts of the text, in order; each may be of any length. Joined they are what `pageContent` would be. */
  readonly text: AsyncIterable<string> | Iterable<string>
}

/** Leaves room for tokens that the weight does not see. */
const fill = 0.88

/** The sections of a window that share chunks, by the strategy. */
async function* groupsOf(
  { text, options, fixedTokens }: Composer,
  sections: AsyncIterable<Section>,
  { syntax, pause }: { readonly syntax: TextSyntax; readonly pause: Pause },
): AsyncGenerator<readonly Section[]> {
  const { strategy, targetTokens, breadcrumbTokens, overlapTokens } = options
  if (strategy === 'records') yield* groupByPart(sections)
  else if (strategy === 'structure' || strategy === 'code')
    yield* groupSections(sections, (targetTokens * tokenWeight) / 4)
  else {
    const room = Math.max(targetTokens - fixedTokens - breadcrumbTokens - overlapTokens, targetTokens / 4)
    const splitter = strategy === 'recursive' ? await createRecursiveSplitter(room * tokenWeight * fill) : strategy
    yield* groupPieces(text, await Array.fromAsync(sections), { splitter, isCode: syntax === 'code', pause })
  }
}

/** Splits the windows of one document, one after the other. */
function createWindowSplitter(
  { metadata, segments = [] }: Pick<Document, 'metadata' | 'segments'>,
  options: ResolvedOptions,
): (window: Window) => AsyncGenerator<Piece> {
  const syntax = textSyntax(options.format, metadata)
  const starts = partStarts(segments, options.strategy === 'records' ? 'each' : 'sheets and records')
  const carry = emptyCarry()
  const pause = createPause()
  return async function* splitWindow({ text, start }) {
    const composer = createComposer(text, options)
    const parts = partStartsWithin(starts, start, start + text.length)
    const sections = findSections(text, { syntax, language: codeLanguage(metadata), parts, carry, pause })
    const before: Floor = { start: 0 }
    for await (const group of groupsOf(composer, sections, { syntax, pause })) {
      yield* packAtoms(composer, group, { before, pause })
    }
  }
}

/** Metadata of the chunks of a document: what is known of the document itself, without absent values, is copied once. */
function createDescriber({ metadata, segments = [] }: Pick<Document, 'metadata' | 'segments'>, isEstimate: boolean) {
  const known = Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined))
  return (piece: Piece, place: Pick<ChunkMetadata, 'chunk' | 'start' | 'end' | 'lines'>): ChunkMetadata => {
    const headings = piece.path.map(({ title }) => title).filter((title) => title !== '')
    return {
      ...known,
      source: metadata.source,
      ...locateSegments(segments, place),
      ...(headings.length === 0 ? {} : { headings }),
      ...place,
      tokens: piece.tokens,
      ...(isEstimate ? { tokensEstimated: true } : {}),
    }
  }
}

/** The chunks of a document, of whose text no more than a window is looked at at a time. */
export async function* splitDocument(
  document: StreamedDocument,
  options: ResolvedOptions,
  windowLength = longestWindow,
): AsyncGenerator<Chunk> {
  const { metadata, text: parts, firstLine = 1 } = document
  const splitWindow = createWindowSplitter(document, options)
  const describe = createDescriber(document, options.isEstimate)
  const ordinals = new Map<string, number>()
  let chunk = 0
  let line = firstLine
  for await (const window of readWindows(typeof parts === 'string' ? [parts] : parts, windowLength)) {
    const { text } = window
    const lineOf = createLineIndex(text, line)
    line = lineOf(text.length)
    if (text.trim() === '') continue
    for await (const piece of splitWindow(window)) {
      const hash = textHash(piece.embedText)
      const ordinal = ordinals.get(hash) ?? 0
      ordinals.set(hash, ordinal + 1)
      const place = {
        chunk: chunk++,
        start: window.start + piece.start,
        end: window.start + piece.end,
        lines: { from: lineOf(piece.start), to: lineOf(piece.end - 1) },
      }
      yield {
        id: chunkId(metadata.source, hash, ordinal),
        pageContent: text.slice(piece.start, piece.end),
        embedText: piece.embedText,
        textHash: hash,
        metadata: describe(piece, place),
      }
    }
  }
}
