import type { Source, SourceState } from '@quern/core'

/** What a source is to the store before its content has been looked at. `doubtful` ones must be hashed to know. */
export type SourceComparison = 'new' | 'changed' | 'unchanged' | 'doubtful'

export interface CompareOptions {
  /** Trust no modification time: every stored source whose size and recipe agree is doubtful. */
  readonly checksum: boolean
  /** Recipe that the source's chunks would have now. */
  readonly recipe: string
}

const coarseGrainMs = 2000
const fineGrainMs = 50

/**
 * Whether a file may have changed again after it was observed without a new modification time: it was modified within the
 * file system's time grain of the observation (git's "racy" entries). The grain is taken for two seconds where times have
 * no fraction of a second (FAT, HFS+, some network mounts), else for 50 ms.
 */
export function isRacy(modifiedAt: string, observedAt: string): boolean {
  const grain = /\.0*Z$/.test(modifiedAt) ? coarseGrainMs : fineGrainMs
  return Date.parse(observedAt) - Date.parse(modifiedAt) <= grain
}

/** Compares a listed source with what the store remembers, without touching its content. */
export function compareSource(
  source: Source,
  state: SourceState | undefined,
  { checksum, recipe }: CompareOptions,
): SourceComparison {
  if (state === undefined) return 'new'
  if (state.recipe !== recipe || state.size !== source.size) return 'changed'
  if (source.contentHash !== undefined) return source.contentHash === state.contentHash ? 'unchanged' : 'changed'
  if (checksum || state.modifiedAt !== source.modifiedAt) return 'doubtful'
  return isRacy(state.modifiedAt, state.observedAt) ? 'doubtful' : 'unchanged'
}
