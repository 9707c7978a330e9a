import type { CallOptions } from '@quern/core'
import { isQuernError } from '@quern/core'
import { readRoot } from '../files/read-root.ts'
import { listDataFiles } from '../files/remove-orphans.ts'
import type { FileHeader } from '../format/file-header.ts'
import type { Manifest, SourceFileEntry } from '../format/manifest.ts'
import type { DataFolder } from '../format/store-layout.ts'
import { chunkFolder, dataFileNumber, manifestName, sourceFolder, storePath } from '../format/store-layout.ts'
import { beyondRepairHint, corruptError } from '../store-errors.ts'
import { chainRecords, namedRecords } from './choose-records.ts'
import { foldEvents } from './fold-events.ts'
import type { Judgement } from './judge-sources.ts'
import { judgeSources } from './judge-sources.ts'
import type { ChunkFileScan } from './scan-chunk-file.ts'
import { scanChunkFile } from './scan-chunk-file.ts'
import type { SourceFileScan } from './scan-source-file.ts'
import { scanSourceFile } from './scan-source-file.ts'

/** What is left of a store of several files. */
export interface SegmentSurvey extends Judgement {
  readonly header: FileHeader
  /** The chunk files that are there, by path relative to the store. */
  readonly chunkFiles: ReadonlyMap<string, ChunkFileScan>
  /** The source files that make up the store; undefined when some records had to be taken from the chunk files. */
  readonly sourceFiles: readonly SourceFileEntry[] | undefined
  /** Files that are missing or damaged, by path relative to the store, and what is wrong with them. */
  readonly damage: ReadonlyMap<string, string>
  /** Number that no data file has. */
  readonly nextFile: number
}

async function filesOf(store: string, folder: DataFolder): Promise<string[]> {
  return (await listDataFiles(store, folder)).toSorted((a, b) => dataFileNumber(a) - dataFileNumber(b))
}

async function readSoundManifest(store: string): Promise<{ manifest?: Manifest; fault?: string }> {
  try {
    const root = await readRoot(store)
    return root?.layout === 'segments' ? { manifest: root.manifest } : { fault: 'the file is missing' }
  } catch (error) {
    if (!isQuernError(error, 'STORE_CORRUPT')) throw error
    return { fault: error.message }
  }
}

function toEntry({ file, bytes, records, sha256 }: SourceFileScan): SourceFileEntry {
  return { file, bytes, records: records.length, sha256 }
}

/** The one header on which all files agree. Rejects when they do not, or when none tells. */
function agreedHeader(store: string, headers: readonly (FileHeader | undefined)[]): FileHeader {
  const told = headers.filter((header) => header !== undefined)
  const [first] = told
  if (first === undefined) {
    throw corruptError('the file is missing or damaged, and no data file tells of which model the vectors are', {
      path: storePath(store, manifestName),
      hint: beyondRepairHint,
    })
  }
  const other = told.find(({ space }) => space.fingerprint !== first.space.fingerprint)
  if (other === undefined) return first
  throw corruptError(`files of two stores stand in it: vectors of ${first.space.model} and of ${other.space.model}`, {
    path: store,
    hint: beyondRepairHint,
  })
}

async function scanChunkFiles(
  store: string,
  files: readonly string[],
  options: CallOptions,
): Promise<Map<string, ChunkFileScan>> {
  const scans = new Map<string, ChunkFileScan>()
  for (const file of files) scans.set(file, await scanChunkFile(store, file, options))
  return scans
}

function noteDamage(
  scans: ReadonlyMap<string, ChunkFileScan>,
  manifest: Manifest | undefined,
  damage: Map<string, string>,
) {
  const sizes = new Map(manifest?.chunkFiles.map(({ file, bytes }) => [file, bytes]))
  for (const [file, { header, bytes }] of scans) {
    const size = sizes.get(file) ?? bytes
    if (bytes !== size) damage.set(file, `it has ${bytes} bytes instead of ${size}`)
    if (header === undefined) damage.set(file, 'its first line is damaged')
  }
}

function isSourceFile(file: string): boolean {
  return file.startsWith(`${sourceFolder}/`)
}

/** How a store is surveyed. */
export interface SurveyOptions extends CallOptions {
  /** Sources that are not to be kept, whatever is found of them. */
  readonly refused: ReadonlySet<string>
}

/**
 * Reads all that is there of a store of several files, and finds out what it holds. Rejects with `STORE_NEWER`, with `STORE_CORRUPT` when
 * nothing tells which space the vectors are of, with `STORE_UNREADABLE`, `signal.reason`. Changes nothing.
 */
export async function surveySegments(store: string, options: SurveyOptions): Promise<SegmentSurvey> {
  const damage = new Map<string, string>()
  const { manifest, fault } = await readSoundManifest(store)
  if (fault !== undefined) damage.set(manifestName, fault)
  const there = [...(await filesOf(store, chunkFolder)), ...(await filesOf(store, sourceFolder))]
  const named = [...(manifest?.chunkFiles ?? []), ...(manifest?.sourceFiles ?? [])].map(({ file }) => file)
  const missing = named.filter((file) => !there.includes(file))
  for (const file of missing) damage.set(file, 'the file is missing')
  // A manifest whose files are gone may be an old one, put back. Then whatever stands there counts.
  const believed = missing.length === 0 ? manifest : undefined
  const chosen = believed === undefined ? there : named
  const chunkFiles = await scanChunkFiles(
    store,
    chosen.filter((file) => !isSourceFile(file)),
    options,
  )
  noteDamage(chunkFiles, believed, damage)
  const scans: SourceFileScan[] = []
  for (const file of chosen.filter(isSourceFile)) {
    scans.push(await scanSourceFile(store, file, options))
  }
  const records =
    believed === undefined
      ? chainRecords(scans, [...missing.filter(isSourceFile), ...chunkFiles.keys()], damage)
      : namedRecords(scans, believed, damage)
  const headers = [...scans, ...chunkFiles.values()].map(({ header }) => header)
  const found = records.whole ? [] : Array.from(chunkFiles.values(), (scan) => scan.found).flat()
  const known = foldEvents(records.scans, found)
  const { refused } = options
  return {
    header: agreedHeader(store, [manifest, ...headers]),
    chunkFiles,
    sourceFiles: records.whole ? records.scans.map(toEntry) : undefined,
    nextFile: there.reduce((next, file) => Math.max(next, dataFileNumber(file) + 1), manifest?.nextFile ?? 1),
    ...(await judgeSources({ store, known, chunkFiles, recordsWhole: records.whole, refused, damage })),
    damage,
  }
}
