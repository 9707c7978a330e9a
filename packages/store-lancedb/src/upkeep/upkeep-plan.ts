import type { TableCondition } from './table-condition.ts'

/** What is done to a table, in this order. */
export interface UpkeepPlan {
  /** Rows that stand for removed ones are deleted. */
  readonly purge: boolean
  /** The indexes of the columns by which rows are looked up are made. */
  readonly keyIndexes: boolean
  /** The index of words is made. */
  readonly wordIndex: boolean
  /** The index of vectors is made, for the first time or anew for many more rows. */
  readonly vectorIndex: boolean
  /**
   * - `all`: LanceDB merges the fragments, brings the indexes up to date and removes old versions. It writes the greater part of the
   *   table again.
   * - `small`: only small fragments are merged.
   */
  readonly merge: 'all' | 'small' | 'none'
}

/** What a plan goes by beside the condition of the table. */
export interface UpkeepSituation extends TableCondition {
  /** Rows that stand for removed ones. */
  readonly removedRows: number
  /** Bytes on the disk, old versions included; undefined when they are not known. */
  readonly bytesOnDisk: number | undefined
  /** Rows from which the vectors are indexed. */
  readonly indexThreshold: number
  /** Whether there is to be an index of words. */
  readonly wantsWords: boolean
  /** Rows that the table had when the vectors were indexed. */
  readonly rowsAtVectorIndex: number
}

/** Rows from which looking up a row without an index takes longer than a commit. */
const rowsForKeyIndexes = 5000
/** A table of this size is written again in a fraction of a second. */
const smallTableBytes = 48 * 2 ** 20
const mostFragments = 24
/** More than can be merged without the greater part of the table. */
const mostLargeFragments = 64
/** A whole table is written again when this share of its rows has changed. */
const largestUnindexedShare = 0.1
const largestDeadShare = 0.2
/** …or when old versions take this much beside the newest. */
const largestExcess = 0.4
const leastExcessBytes = 4 * 2 ** 20
/** The index of vectors is made anew when there are this many times the rows: it has too few partitions then. */
const vectorIndexGrowth = 4

function wantsVectorIndex({ rows, indexed, indexThreshold, rowsAtVectorIndex }: UpkeepSituation): boolean {
  if (rows === 0 || rows < indexThreshold) return false
  return !indexed.has('vector') || rows >= vectorIndexGrowth * Math.max(1, rowsAtVectorIndex)
}

function missingIndexes(situation: UpkeepSituation): Omit<UpkeepPlan, 'purge' | 'merge'> {
  const { rows, indexed, wantsWords } = situation
  return {
    keyIndexes: rows >= rowsForKeyIndexes && !indexed.has('id'),
    wordIndex: wantsWords && !indexed.has('pageContent'),
    vectorIndex: wantsVectorIndex(situation),
  }
}

function takesTooMuch({ bytes, bytesOnDisk = 0 }: UpkeepSituation): boolean {
  return bytesOnDisk - bytes > Math.max(leastExcessBytes, largestExcess * bytes)
}

/** What is worth doing at the end of a run: nothing that writes a whole table again for a small change. */
export function planUpkeep(situation: UpkeepSituation): UpkeepPlan {
  const { rows, deadRows, fragments, bytes, unindexedRows, removedRows } = situation
  const changed =
    unindexedRows > largestUnindexedShare * rows ||
    deadRows > largestDeadShare * rows ||
    fragments > mostLargeFragments ||
    takesTooMuch(situation)
  const fragmented = fragments > mostFragments
  const all = bytes <= smallTableBytes ? fragmented || (changed && rows > rowsForKeyIndexes) : changed
  const merge = all ? 'all' : fragmented ? 'small' : 'none'
  return {
    purge: removedRows > 0 && merge !== 'none',
    ...missingIndexes(situation),
    merge,
  }
}

/** All that can be done. */
export function planMaintenance(situation: UpkeepSituation): UpkeepPlan {
  return { purge: situation.removedRows > 0, ...missingIndexes(situation), merge: 'all' }
}
