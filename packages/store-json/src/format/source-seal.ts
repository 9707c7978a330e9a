import type { SourceState } from '@quern/core'
import { CheckedLineError, decodeCheckedLine, encodeCheckedLine } from './checked-line.ts'
import { isCount } from './is-count.ts'
import { copyState, parseState } from './source-record.ts'

/**
 * The line behind the chunks of a source in a chunk file. With it a chunk file says by itself which sources it holds, in which state
 * each was put, and whether its lines are whole and sound.
 */
export interface SourceSeal {
  readonly source: SourceState
  /** Number of lines before this one that are chunks of the source. */
  readonly chunks: number
  /** SHA-256 (hex) of those lines, line feeds included, as they are before any compression. */
  readonly sha256: string
}

/** A seal as a line, line feed included. */
export function encodeSourceSeal({ source, chunks, sha256 }: SourceSeal): Buffer {
  return encodeCheckedLine({ source: copyState(source), chunks, sha256 })
}

const sealStart = '{"source":'

/** Whether a line says that it is a seal. A chunk begins with its id. */
export function looksLikeSeal(line: Buffer): boolean {
  return line.toString('latin1', 0, sealStart.length) === sealStart
}

/** Reads a seal. Throws `CheckedLineError`. */
export function decodeSourceSeal(line: Buffer): SourceSeal {
  const { source, chunks, sha256 }: { readonly [Key in keyof SourceSeal]?: unknown } = decodeCheckedLine(line)
  const state = parseState(source)
  if (!isCount(chunks) || chunks !== state.chunkCount || typeof sha256 !== 'string') {
    throw new CheckedLineError('does not say which chunks it seals')
  }
  return { source: state, chunks, sha256 }
}
