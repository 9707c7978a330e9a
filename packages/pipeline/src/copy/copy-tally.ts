import type { SourceState } from '@quern/core'
import type { CopyReport } from './copy-event.ts'

/** Counts what a copy has done: a source counts once it is in the target. */
export interface CopyTally {
  /** A source was written; `previous` is what it replaced. */
  copy(state: SourceState, previous: SourceState | undefined): void
  /** A source was there already. */
  keep(state: SourceState): void
  /** A source was removed. */
  retire(state: SourceState): void
  /** Sources and chunks that the target has by now of what is copied. */
  totals(): { readonly sources: number; readonly chunks: number }
  counts(): Pick<CopyReport, 'sources' | 'chunks'>
}

export function createCopyTally(): CopyTally {
  const sources = { copied: 0, unchanged: 0, deleted: 0 }
  const chunks = { copied: 0, unchanged: 0, deleted: 0 }
  return {
    copy({ chunkCount }, previous) {
      sources.copied++
      chunks.copied += chunkCount
      chunks.deleted += previous?.chunkCount ?? 0
    },
    keep({ chunkCount }) {
      sources.unchanged++
      chunks.unchanged += chunkCount
    },
    retire({ chunkCount }) {
      sources.deleted++
      chunks.deleted += chunkCount
    },
    totals: () => ({ sources: sources.copied + sources.unchanged, chunks: chunks.copied + chunks.unchanged }),
    counts: () => ({ sources: { ...sources }, chunks: { ...chunks } }),
  }
}
