import { createHash } from 'node:crypto'
import type { SourceState } from '@quern/core'
import { CheckedLineError } from '../format/checked-line.ts'
import { ChunkLineError, decodeChunkText, vectorStart } from '../format/chunk-line.ts'
import type { Block, RecordedRange } from '../format/recorded-range.ts'
import type { SourceSeal } from '../format/source-seal.ts'
import { decodeSourceSeal, looksLikeSeal } from '../format/source-seal.ts'

/** A source that was found in a chunk file, whole and sound. */
export interface FoundSource {
  readonly state: SourceState
  readonly textHashes: readonly string[]
  readonly range: RecordedRange
}

/** A part of a chunk file that stands or falls as a whole: a line, or a block of lines. */
export interface FilePiece {
  readonly offset: number
  /** Its bytes in the file, in parts. */
  readonly stored: readonly Uint8Array[]
  /** Its lines, without line feeds. */
  readonly lines: readonly Buffer[]
  /** For a block, its bytes before compression. */
  readonly plain?: number
}

/** Gathers the pieces of a chunk file, in order, into sources. */
export interface SealedSources {
  add(piece: FilePiece): void
  /** Says that what comes next does not follow what came last: something between is damaged. */
  interrupt(): void
  /** The sources, in the order of the file; ids of those of which only a part is sound, or a line tells. */
  finish(): { readonly found: readonly FoundSource[]; readonly unsound: ReadonlySet<string> }
}

const lineFeed = Buffer.from('\n')

function bytesOf({ stored }: FilePiece): number {
  return stored.reduce((sum, part) => sum + part.length, 0)
}

function readSeal(line: Buffer | undefined): SourceSeal | undefined {
  if (line === undefined || !looksLikeSeal(line)) return undefined
  try {
    return decodeSourceSeal(line)
  } catch (error) {
    if (error instanceof CheckedLineError) return undefined
    throw error
  }
}

function readText(line: Buffer): ReturnType<typeof decodeChunkText> | undefined {
  try {
    return decodeChunkText(line, vectorStart(line))
  } catch (error) {
    if (error instanceof ChunkLineError) return undefined
    throw error
  }
}

/** The last of these pieces that hold exactly so many lines, the seal included. */
function lastPieces(pieces: readonly FilePiece[], lines: number): readonly FilePiece[] | undefined {
  let first = pieces.length
  for (let left = lines; left > 0;) {
    const piece = pieces[--first]
    if (piece === undefined || piece.lines.length > left) return undefined
    left -= piece.lines.length
  }
  return pieces.slice(first)
}

function checkSource(file: string, pieces: readonly FilePiece[], seal: SourceSeal): FoundSource | undefined {
  const lines = pieces.flatMap((piece) => piece.lines).slice(0, -1)
  const lineHash = createHash('sha256')
  for (const line of lines) lineHash.update(line).update(lineFeed)
  if (lineHash.digest('hex') !== seal.sha256) return undefined
  const textHashes = lines.map((line) => readText(line)?.textHash)
  if (!textHashes.every((hash) => hash !== undefined)) return undefined
  const storedHash = createHash('sha256')
  for (const { stored } of pieces) for (const part of stored) storedHash.update(part)
  const bytes = pieces.reduce((sum, piece) => sum + bytesOf(piece), 0)
  const range = { file, offset: pieces[0]?.offset ?? 0, bytes, sha256: storedHash.digest('hex') }
  const blocks = pieces.flatMap((piece): Block[] => (piece.plain === undefined ? [] : [[bytesOf(piece), piece.plain]]))
  return { state: seal.source, textHashes, range: blocks.length === 0 ? range : { ...range, blocks } }
}

/** Sources of the chunk file with this path relative to the store. Holds the lines of one source at a time. */
export function createSealedSources(file: string): SealedSources {
  const found: FoundSource[] = []
  const unsound = new Set<string>()
  let pending: FilePiece[] = []

  const giveUp = (pieces: readonly FilePiece[]): void => {
    for (const { lines } of pieces) {
      for (const line of lines) {
        const source = readText(line)?.metadata.source ?? readSeal(line)?.source.id
        if (typeof source === 'string') unsound.add(source)
      }
    }
    pending = []
  }
  return {
    add(piece) {
      pending.push(piece)
      const seal = readSeal(piece.lines.at(-1))
      if (seal === undefined) return
      const own = lastPieces(pending, seal.chunks + 1)
      const source = own === undefined ? undefined : checkSource(file, own, seal)
      if (own !== undefined && source !== undefined) {
        found.push(source)
        giveUp(pending.slice(0, pending.length - own.length))
      } else {
        giveUp(pending)
      }
    },
    interrupt: () => giveUp(pending),
    finish() {
      giveUp(pending)
      return { found, unsound }
    },
  }
}
