import type { RunReport, WatchCause } from '@quern/pipeline'
import { formatDuration, formatCount, formatQuantity } from './format.ts'

/** What a run of a watch did, on one line; undefined for one that found nothing to do, unless it is the first. */
export function watchSummary(report: RunReport, cause: WatchCause): string | undefined {
  const { sources, chunks, durationMs, interrupted } = report
  const kinds = ['new', 'changed', 'moved', 'deleted', 'failed'] as const
  const counts = kinds.filter((kind) => sources[kind] > 0).map((kind) => `${formatCount(sources[kind])} ${kind}`)
  if (interrupted) counts.push('interrupted')
  if (counts.length === 0 && cause !== 'start') return undefined
  if (counts.length === 0) counts.push(`${formatQuantity(sources.unchanged, 'source')} up to date`)
  return [...counts, `${formatQuantity(chunks.embedded, 'chunk')} embedded`, formatDuration(durationMs)].join(' · ')
}
