import type { EmbeddingSpace } from '@quern/core'
import { errorMessage, sha256 } from '@quern/core'
import { corruptError, newerError } from '../store-errors.ts'
import { isCount } from './is-count.ts'
import { formatName, formatVersion } from './file-header.ts'
import type { DataFolder } from './store-layout.ts'
import { chunkFolder, isDataFile, sourceFolder } from './store-layout.ts'

/** A file of chunk lines. Its content is covered by the checksums of the sources whose chunks it holds. */
export interface ChunkFileEntry {
  readonly file: string
  readonly bytes: number
  /** Bytes of what stands before the first source. */
  readonly header: number
}

/** A file of source records. */
export interface SourceFileEntry {
  readonly file: string
  readonly bytes: number
  readonly records: number
  readonly sha256: string
}

/** The root of a store: which files make it up. */
export interface Manifest {
  readonly space: EmbeddingSpace
  readonly createdAt: string
  readonly updatedAt: string
  /** Counts, for people and for `stats()`. */
  readonly sources: number
  readonly chunks: number
  /** Number of the next data file. */
  readonly nextFile: number
  /** In order of age: a record of a later file replaces those of the same source before it. */
  readonly sourceFiles: readonly SourceFileEntry[]
  readonly chunkFiles: readonly ChunkFileEntry[]
}

/** The text of a manifest file. Its checksum is that of the same object without it, as compact JSON. */
export function encodeManifest(manifest: Manifest): string {
  const content = { format: formatName, version: formatVersion, ...manifest }
  return `${JSON.stringify({ ...content, sha256: sha256(JSON.stringify(content)) }, undefined, 2)}\n`
}

type Unchecked<T> = { readonly [Key in keyof T]?: unknown }

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function fileFault(value: unknown, folder: DataFolder): string | undefined {
  if (!isObject(value)) return `an entry of a file in ${folder}/ is no object`
  const { file, bytes }: Unchecked<ChunkFileEntry> = value
  if (typeof file !== 'string' || !isDataFile(folder, file)) return `${String(file)} is no file of ${folder}/`
  return isCount(bytes) ? undefined : `the size of ${file} is no number`
}

function chunkFileFault(value: unknown): string | undefined {
  const fault = fileFault(value, chunkFolder)
  if (fault !== undefined) return fault
  const { file, header }: Unchecked<ChunkFileEntry> = value as object
  return isCount(header) ? undefined : `the size of the header of ${String(file)} is no number`
}

function sourceFileFault(value: unknown): string | undefined {
  const fault = fileFault(value, sourceFolder)
  if (fault !== undefined) return fault
  const { file, records, sha256: sum }: Unchecked<SourceFileEntry> = value as object
  const sound = isCount(records) && typeof sum === 'string' && /^[0-9a-f]{64}$/.test(sum)
  return sound ? undefined : `${String(file)} has no number of records or no checksum`
}

/** What is wrong with a space that was read, or undefined when nothing is. */
export function spaceFault(value: unknown): string | undefined {
  if (!isObject(value)) return 'there is no space'
  const { model, dimensions, fingerprint }: Unchecked<EmbeddingSpace> = value
  const sound = typeof model === 'string' && typeof fingerprint === 'string' && isCount(dimensions) && dimensions > 0
  return sound ? undefined : 'the space has no model, dimensions or fingerprint'
}

function manifestFault(value: Unchecked<Manifest>): string | undefined {
  const { space, createdAt, updatedAt, sources, chunks, nextFile, sourceFiles, chunkFiles } = value
  if (typeof createdAt !== 'string' || typeof updatedAt !== 'string') return 'a time is missing'
  if (!isCount(sources) || !isCount(chunks) || !isCount(nextFile)) return 'a count is missing'
  if (!Array.isArray(sourceFiles) || !Array.isArray(chunkFiles)) return 'a list of files is missing'
  const faults = [spaceFault(space), ...sourceFiles.map(sourceFileFault), ...chunkFiles.map(chunkFileFault)]
  return faults.find((fault) => fault !== undefined)
}

/**
 * Reads the text of the manifest at a path. Throws `STORE_NEWER` for a version of the format that this package does not know,
 * `STORE_CORRUPT` for a manifest that is damaged.
 */
export function parseManifest(text: string, path: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw corruptError(`it is no JSON (${errorMessage(cause)})`, { path, cause })
  }
  const { format, version }: { readonly format?: unknown; readonly version?: unknown } = isObject(value) ? value : {}
  if (format !== formatName) throw corruptError(`its "format" is not "${formatName}"`, { path })
  if (!isCount(version) || version === 0) throw corruptError('its "version" is no number', { path })
  if (version > formatVersion) throw newerError(path, version)
  const { sha256: checksum, ...content } = value as Manifest & { format: string; version: number; sha256?: unknown }
  if (sha256(JSON.stringify(content)) !== checksum)
    throw corruptError('its checksum is not that of its content', { path })
  const fault = manifestFault(content)
  if (fault !== undefined) throw corruptError(fault, { path })
  const { format: _, version: __, ...manifest } = content
  return manifest
}
