import { compressionOf } from '../format/compression.ts'
import type { ChunkFileEntry, SourceFileEntry } from '../format/manifest.ts'

/** Files to be written anew. */
export interface CompactionPlan {
  /** Chunk files whose stored chunks go into new files; those without any only disappear. */
  readonly chunkFiles: readonly string[]
  /** Index of the first of the source files that are merged into one, up to the last. */
  readonly sourcesFrom: number | undefined
}

/** What a plan is made from. */
export interface CompactionSituation {
  readonly chunkFiles: readonly ChunkFileEntry[]
  readonly sourceFiles: readonly SourceFileEntry[]
  /** Number of stored sources. */
  readonly sources: number
  /** Bytes of a chunk file that belong to stored sources. */
  readonly liveBytes: (file: string) => number
}

/** So few files are not worth a merge. */
const mergeWidth = 8
/** A chunk file with so many bytes of stored sources is not merged any more. */
const fullFileBytes = 2 ** 23
/** Most bytes that are copied on the occasion of one commit, but for a file that is longer by itself. */
const copyBudget = 64 * 2 ** 20
/** Source files are written anew when less than half of their records still hold; a small log may hold more. */
const spareRecords = 1000

interface MeasuredFile {
  readonly file: string
  readonly bytes: number
  /** Bytes that are needed: those of stored sources and, with any, the header. */
  readonly live: number
}

/** The files of each compression: only files of one kind can be merged into one. */
function measure({ chunkFiles, liveBytes }: CompactionSituation): MeasuredFile[][] {
  const files = chunkFiles.map(({ file, bytes, header }): MeasuredFile => {
    const live = liveBytes(file)
    return { file, bytes, live: live === 0 ? 0 : live + header }
  })
  return [...Map.groupBy(files, ({ file }) => compressionOf(file)).values()]
}

function withinBudget(files: readonly MeasuredFile[]): MeasuredFile[] {
  const chosen: MeasuredFile[] = []
  let copied = 0
  for (const file of files.toSorted((a, b) => a.live - b.live)) {
    if (copied > 0 && copied + file.live > copyBudget) break
    chosen.push(file)
    copied += file.live
  }
  return chosen
}

/**
 * From which of these files on to merge: the first that is at most twice as long as all after it together, if there are enough from
 * there on. The files before it shrink geometrically, so they are few; and a file is copied again only together with half as many
 * bytes that are new to it, so each byte is copied a few times.
 */
function mergeStart(bytes: readonly number[]): number | undefined {
  let after = bytes.reduce((sum, length) => sum + length, 0)
  for (const [index, length] of bytes.entries()) {
    after -= length
    if (length <= 2 * after) return bytes.length - index >= mergeWidth ? index : undefined
  }
  return undefined
}

function sourceMergeStart(files: readonly SourceFileEntry[], sources: number): number | undefined {
  const records = files.reduce((sum, file) => sum + file.records, 0)
  if (files.length > 1 && records > 2 * sources + spareRecords) return 0
  return mergeStart(files.map(({ bytes }) => bytes))
}

function wantedAfterCommit(files: readonly MeasuredFile[]): MeasuredFile[] {
  const dead = files.filter(({ bytes, live }) => bytes - live > bytes / 2)
  const small = files
    .filter((file) => file.live < fullFileBytes && !dead.includes(file))
    .toSorted((a, b) => b.live - a.live)
  const start = mergeStart(small.map(({ live }) => live))
  return start === undefined ? dead : [...dead, ...small.slice(start)]
}

function wantedInMaintenance(files: readonly MeasuredFile[]): MeasuredFile[] {
  const small = files.filter(({ live }) => live < fullFileBytes)
  return files.filter((file) => file.live < file.bytes || (small.length > 1 && small.includes(file)))
}

/**
 * What to compact after a commit: chunk files that are dead for more than half, small chunk files once there are many, source files
 * likewise. So the files stay few whatever the number of commits (one for each 8 MiB and more, and some twenty), and at most about
 * half of their bytes is dead.
 */
export function planAfterCommit(situation: CompactionSituation): CompactionPlan {
  const wanted = measure(situation).flatMap(wantedAfterCommit)
  return {
    chunkFiles: withinBudget(wanted).map(({ file }) => file),
    sourcesFrom: sourceMergeStart(situation.sourceFiles, situation.sources),
  }
}

/** What to compact when asked to: every chunk file with dead bytes, all small ones into larger ones, all source files into one. */
export function planMaintenance(situation: CompactionSituation): CompactionPlan {
  const chunkFiles = measure(situation).flatMap(wantedInMaintenance)
  const { sourceFiles, sources } = situation
  const records = sourceFiles.reduce((sum, file) => sum + file.records, 0)
  return {
    chunkFiles: chunkFiles.map(({ file }) => file),
    sourcesFrom: sourceFiles.length > 1 || records > sources ? 0 : undefined,
  }
}

/** Whether a plan changes nothing. */
export function isEmptyPlan({ chunkFiles, sourcesFrom }: CompactionPlan): boolean {
  return chunkFiles.length === 0 && sourcesFrom === undefined
}
