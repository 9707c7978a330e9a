import type { SourceChunks } from '@quern/core'
import type { ReembedReport } from './reembed-event.ts'

/** Counts what a re-embedding has done: a source counts once it is in the target. */
export interface ReembedTally {
  embedded: number
  reused: number
  deleted: number
  write(source: SourceChunks): void
  keep(source: SourceChunks): void
  fail(): void
  /** Ids of the sources that the target is to have. */
  readonly present: ReadonlySet<string>
  /** Sources seen so far, and their chunks as far as they are in the target. */
  totals(): { readonly sources: number; readonly chunks: number }
  counts(): Pick<ReembedReport, 'sources' | 'chunks'>
}

export function createReembedTally(): ReembedTally {
  const present = new Set<string>()
  const sources = { written: 0, kept: 0, failed: 0 }
  const chunks = { written: 0, kept: 0 }
  const tally: ReembedTally = {
    embedded: 0,
    reused: 0,
    deleted: 0,
    present,
    write({ state }) {
      present.add(state.id)
      sources.written++
      chunks.written += state.chunkCount
    },
    keep({ state }) {
      present.add(state.id)
      sources.kept++
      chunks.kept += state.chunkCount
    },
    fail() {
      sources.failed++
    },
    totals: () => ({
      sources: sources.written + sources.kept + sources.failed,
      chunks: chunks.written + chunks.kept,
    }),
    counts: () => ({
      sources: { ...sources, deleted: tally.deleted },
      chunks: { embedded: tally.embedded, reused: tally.reused, ...chunks },
    }),
  }
  return tally
}
