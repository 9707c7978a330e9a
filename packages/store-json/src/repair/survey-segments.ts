import type { CallOptions } from '@quern/core'
import { isQuernError, sha256, systemErrorCode } from '@quern/core'
import { openToRead, wrapChunkFile } from '../files/chunk-file.ts'
import { readRoot } from '../files/read-root.ts'
import { listDataFiles } from '../files/remove-orphans.ts'
import type { FileHeader } from '../format/file-header.ts'
import type { Manifest, SourceFileEntry } from '../format/manifest.ts'
import type { RecordedRange } from '../format/recorded-range.ts'
import type { DataFolder } from '../format/store-layout.ts'
import { chunkFolder, dataFileNumber, manifestName, sourceFolder, storePath } from '../format/store-layout.ts'
import { beyondRepairHint, corruptError } from '../store-errors.ts'
import type { KnownSource } from './fold-events.ts'
import { foldEvents, rangeKey } from './fold-events.ts'
import type { ChunkFileScan } from './scan-chunk-file.ts'
import { scanChunkFile } from './scan-chunk-file.ts'
import type { SourceFileScan } from './scan-source-file.ts'
import { scanSourceFile } from './scan-source-file.ts'

/** What is left of a store of several files. */
export interface SegmentSurvey {
  readonly header: FileHeader
  /** The chunk files that are there, by path relative to the store. */
  readonly chunkFiles: ReadonlyMap<string, ChunkFileScan>
  /** The source files that make up the store; undefined when some records had to be taken from the chunk files. */
  readonly sourceFiles: readonly SourceFileEntry[] | undefined
  /** Files that are missing or damaged, by path relative to the store, and what is wrong with them. */
  readonly damage: ReadonlyMap<string, string>
  /** Number that no data file has. */
  readonly nextFile: number
  /** The sources whose chunks are whole and sound. */
  readonly sources: readonly KnownSource[]
  readonly lost: readonly string[]
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

/** The source files that make up a store whose manifest is lost: each tells the one before it. Undefined when one is missing. */
function chainOf(scans: readonly SourceFileScan[]): SourceFileScan[] | undefined {
  const byFile = new Map(scans.map((scan) => [scan.file, scan]))
  const chain: SourceFileScan[] = []
  let file = scans.at(-1)?.file
  while (file !== undefined) {
    const scan = byFile.get(file)
    if (scan === undefined || !scan.whole) return undefined
    chain.unshift(scan)
    file = scan.header?.follows
  }
  return chain.length === 0 ? undefined : chain
}

function toEntry({ file, bytes, records, sha256: sum }: SourceFileScan): SourceFileEntry {
  return { file, bytes, records: records.length, sha256: sum }
}

interface Records {
  readonly scans: readonly SourceFileScan[]
  readonly whole: boolean
}

/**
 * Whether source files of later commits are missing behind the newest one: a manifest named them, or a chunk file with a higher number
 * holds nothing that any record names.
 */
function lacksNewer(chain: readonly SourceFileScan[], later: readonly string[]): boolean {
  const newest = dataFileNumber(chain.at(-1)?.file ?? '0')
  const named = new Set(
    chain.flatMap(({ records }) => records.map(({ record }) => ('put' in record ? record.chunks?.file : undefined))),
  )
  return later.some((file) => dataFileNumber(file) > newest && !named.has(file))
}

/** The records that count when there is no manifest to name them. `later`: files that belong, or may belong, to commits with records. */
function chainRecords(
  scans: readonly SourceFileScan[],
  later: readonly string[],
  damage: Map<string, string>,
): Records {
  for (const { file, whole } of scans) if (!whole) damage.set(file, 'some of its lines are damaged or missing')
  const chain = chainOf(scans)
  return chain === undefined || lacksNewer(chain, later) ? { scans, whole: false } : { scans: chain, whole: true }
}

/** The records that a manifest names. */
function namedRecords(
  scans: readonly SourceFileScan[],
  manifest: Manifest,
  damage: Map<string, string>,
): Records {
  const byFile = new Map(scans.map((scan) => [scan.file, scan]))
  const named = manifest.sourceFiles.flatMap(({ file, sha256: sum }) => {
    const scan = byFile.get(file)
    if (scan !== undefined && scan.sha256 !== sum) damage.set(file, 'its checksum is not that of the manifest')
    return scan ?? []
  })
  return { scans: named, whole: named.every(({ file }) => !damage.has(file)) }
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

/** Whether the bytes of a range are those that were written, though the lines around them may not be. */
async function isIntact(store: string, { file, offset, bytes, sha256: sum }: RecordedRange): Promise<boolean> {
  try {
    const handle = await openToRead(storePath(store, file))
    const { size } = await handle.stat()
    await using opened = wrapChunkFile(handle, size, { file, path: storePath(store, file), form: 'lines', base: 0 })
    return offset + bytes <= size && sha256(await opened.read(offset, bytes)) === sum
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false
    throw error
  }
}

async function isSound(store: string, { range }: KnownSource, found: ReadonlyMap<string, string>): Promise<boolean> {
  return range === undefined || found.get(rangeKey(range)) === range.sha256 || (await isIntact(store, range))
}

/** Ids of sources of which a chunk file holds damaged lines, with the number of the newest such file. */
function unsoundIds(chunkFiles: ReadonlyMap<string, ChunkFileScan>): Map<string, number> {
  const ids = new Map<string, number>()
  for (const [file, { unsound }] of chunkFiles) for (const id of unsound) ids.set(id, dataFileNumber(file))
  return ids
}

interface Judging {
  readonly store: string
  readonly known: ReadonlyMap<string, KnownSource>
  readonly chunkFiles: ReadonlyMap<string, ChunkFileScan>
  readonly recordsWhole: boolean
  /** Sources that are not to be kept, whatever is found of them. */
  readonly refused: ReadonlySet<string>
  readonly damage: Map<string, string>
}

/** Which of the known sources are there, and which are lost. Adds the files with damaged sources to the damage. */
async function judge({
  store,
  known,
  chunkFiles,
  recordsWhole,
  refused,
  damage,
}: Judging): Promise<Pick<SegmentSurvey, 'sources' | 'lost'>> {
  const found = new Map<string, string>()
  for (const scan of chunkFiles.values()) for (const { range } of scan.found) found.set(rangeKey(range), range.sha256)
  const unsound = recordsWhole ? new Map<string, number>() : unsoundIds(chunkFiles)
  const sources: KnownSource[] = []
  const lost = new Set<string>()
  for (const [id, source] of known) {
    const sound = await isSound(store, source, found)
    if (!sound && source.range !== undefined && !damage.has(source.range.file)) {
      damage.set(source.range.file, `chunks of ${id} are damaged`)
    }
    const kept = sound && !refused.has(id)
    if (kept) sources.push(source)
    // Newer lines of it that are damaged may be those of a commit that was never finished: what is older stays, but is named.
    if (!kept || (unsound.get(id) ?? -1) > source.told) lost.add(id)
  }
  for (const id of unsound.keys()) if (!known.has(id)) lost.add(id)
  return { sources, lost: [...lost] }
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

function noteDamage(scans: ReadonlyMap<string, ChunkFileScan>, manifest: Manifest | undefined, damage: Map<string, string>) {
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
    ...(await judge({ store, known, chunkFiles, recordsWhole: records.whole, refused, damage })),
    damage,
  }
}
