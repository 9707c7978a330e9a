import { errorMessage, systemErrorCode } from '@quern/core'
import type { CallOptions, ListingEntry, SkipReason } from '@quern/core'
import type { ResolvedLoaderOptions } from './file-loader-options.ts'
import type { EntryKind, FileSystem } from './file-system.ts'
import { isoNow } from './iso-nanoseconds.ts'
import { isPathInside } from './path-inside.ts'
import type { SeenFile } from './read-unchanged-file.ts'
import type { Reader } from './readers/reader.ts'
import type { RecordFile } from './records/list-records.ts'
import { recordFormat } from './records/record-rule.ts'

/** A file to load. */
export interface ListedFile extends SeenFile {
  /** When `size` and `modifiedAt` were seen, ISO 8601 in UTC with nine decimals. */
  readonly observedAt: string
  readonly reader: Reader
}

/** A path that is not listed as a source. */
export type SkippedPath = Extract<ListingEntry, { type: 'skipped' }>

/** What a walk does with a path. */
export type WalkedPath =
  | { readonly type: 'file'; readonly file: ListedFile }
  | { readonly type: 'records'; readonly file: RecordFile }
  | SkippedPath

/** What a walk needs to know and to look at. */
export interface WalkOptions extends ResolvedLoaderOptions, CallOptions {
  readonly fileSystem: FileSystem
  /** The reader for a file of this name, or undefined. */
  readonly findReader: (fileName: string) => Reader | undefined
}

/** A path that a walk has met. */
export interface MetPath {
  readonly id: string
  readonly path: string
  readonly name: string
  readonly kind: EntryKind
}

/** The entry for a skipped path. */
export function skipPath({ id }: { readonly id: string }, reason: SkipReason, detail: string): SkippedPath {
  return { type: 'skipped', id, reason, detail }
}

/** The root that a path lies in. */
export interface PathRoot {
  readonly name: string
  readonly path: string
}

const deadLinkCodes: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ELOOP', 'ENOTDIR'])

/** Where a link leads. */
export interface LinkTarget {
  readonly type: 'target'
  readonly path: string
  readonly isFolder: boolean
}

/** Where a link leads, or why it is not followed. */
export async function examineLink(
  met: MetPath,
  root: PathRoot,
  { fileSystem, symlinks }: WalkOptions,
): Promise<LinkTarget | SkippedPath> {
  if (symlinks === 'skip') return skipPath(met, 'SYMLINK', 'links are not followed')
  try {
    const path = await fileSystem.resolvePath(met.path)
    if (path !== root.path && !isPathInside(path, root.path)) {
      return skipPath(met, 'OUTSIDE_ROOT', `links to ${path}, which is outside the root`)
    }
    const isFolder = (await fileSystem.inspect(path)).kind === 'folder'
    if (isFolder && symlinks === 'files') return skipPath(met, 'SYMLINK', `links to the folder ${path}`)
    return { type: 'target', path, isFolder }
  } catch (error) {
    const code = systemErrorCode(error)
    return deadLinkCodes.has(code)
      ? skipPath(met, 'BROKEN_LINK', `a link to what is not there, or to itself (${code})`)
      : skipPath(met, 'UNREADABLE', errorMessage(error))
  }
}

/** How the records of a file are read, or undefined for a file that is one document. */
function findRecords({ id, name }: MetPath, root: PathRoot, { findRecordRule }: WalkOptions) {
  const format = recordFormat(name)
  const rule = format === undefined ? undefined : findRecordRule(id.slice(root.name.length + 1))
  return format === undefined || rule === undefined ? undefined : { format, rule }
}

/** Looks at a path that is neither a folder nor a link to one: a file that can be listed, or why not. */
export async function examineFile(met: MetPath, root: PathRoot, options: WalkOptions): Promise<WalkedPath> {
  const { fileSystem, findReader, maxFileBytes } = options
  if (met.kind === 'other') return skipPath(met, 'SPECIAL_FILE', 'a FIFO, a socket or a device')
  const reader = findReader(met.name)
  const records = findRecords(met, root, options)
  if (reader === undefined && records === undefined)
    return skipPath(met, 'UNSUPPORTED', 'no reader for files with this ending')
  // Taken before the look, so that a later change is never taken for an earlier one.
  const observedAt = isoNow()
  try {
    const { kind, size, modifiedAt } = await fileSystem.inspect(met.path)
    if (kind !== 'file') return skipPath(met, 'SPECIAL_FILE', 'not a plain file')
    const seen = { id: met.id, path: met.path, size, modifiedAt, observedAt }
    if (records !== undefined) return { type: 'records', file: { ...seen, ...records } }
    if (size > maxFileBytes) {
      return skipPath(met, 'TOO_LARGE', `${size} bytes; maxFileBytes is ${maxFileBytes}`)
    }
    return { type: 'file', file: { ...seen, reader: reader as Reader } }
  } catch (error) {
    return skipPath(met, 'UNREADABLE', errorMessage(error))
  }
}
