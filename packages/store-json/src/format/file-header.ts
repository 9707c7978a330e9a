import type { EmbeddingSpace } from '@quern/core'
import { CheckedLineError, decodeCheckedLine, encodeCheckedLine } from './checked-line.ts'
import { isCount } from './is-count.ts'

/** Name of the format, in every file of a store. */
export const formatName = 'quern-store-json'
/** Version of the format that this package reads and writes; see FORMAT.md. */
export const formatVersion = 1

/** What the first line of a data file tells of the store to which it belongs. */
export interface FileHeader {
  readonly space: EmbeddingSpace
  /** When the store was created. */
  readonly createdAt: string
}

/** A space with the members that the contract names, and no others. */
export function copySpace({ model, dimensions, fingerprint }: EmbeddingSpace): EmbeddingSpace {
  return { model, dimensions, fingerprint }
}

/** The first line of a chunk file. */
export function encodeChunkFileHeader({ space, createdAt }: FileHeader): Buffer {
  return encodeCheckedLine({ format: formatName, version: formatVersion, space: copySpace(space), createdAt })
}

/** The first line of a source file. `follows`: the source file that comes before it in the store, if there is one. */
export function encodeSourceFileHeader({ space, createdAt }: FileHeader, follows: string | undefined): Buffer {
  const header = { format: formatName, version: formatVersion, space: copySpace(space), createdAt }
  return encodeCheckedLine({ ...header, follows: follows ?? null })
}

/** The last line of a source file: the number of its records. */
export function encodeSourceFileEnd(records: number): Buffer {
  return encodeCheckedLine({ end: records })
}

type Unchecked<T> = { readonly [Key in keyof T]?: unknown }

/** A data file's first line. */
export interface ReadFileHeader extends FileHeader {
  /** Of a source file: the one before it in the store. */
  readonly follows: string | undefined
}

/** Reads the first line of a data file of this version. Throws `CheckedLineError`. */
export function decodeFileHeader(line: Buffer): ReadFileHeader {
  const value: Unchecked<ReadFileHeader & { format: string; version: number }> = decodeCheckedLine(line)
  const { format, version, space, createdAt, follows } = value
  if (format !== formatName || version !== formatVersion || typeof createdAt !== 'string') {
    throw new CheckedLineError('is no header of a data file')
  }
  const known = typeof follows === 'string' ? follows : undefined
  return { space: copySpace(space as EmbeddingSpace), createdAt, follows: known }
}

/** The version of the format that the first line of a data file tells, also when it is a newer one; undefined when it tells none. */
export function versionOfHeader(line: Buffer): number | undefined {
  const told = /^\{"format":"quern-store-json","version":(\d+)[,}]/.exec(line.toString('latin1', 0, 100))
  return told === null ? undefined : Number(told[1])
}

/** The number of records that the last line of a source file tells. Throws `CheckedLineError`. */
export function decodeSourceFileEnd(line: Buffer): number {
  const { end }: { readonly end?: unknown } = decodeCheckedLine(line)
  if (!isCount(end)) throw new CheckedLineError('is no end of a source file')
  return end
}
