import type { SourceCounts, ChunkCounts, RunReport } from '@quern/pipeline'
import { formatCount, formatDuration, formatQuantity, formatRate } from './format.ts'

/** The six numbers of sources in a line. */
export function sourcesLine(sources: SourceCounts): string {
  const order = ['new', 'changed', 'moved', 'deleted', 'unchanged', 'failed'] as const
  return `sources  ${order.map((key) => `${formatCount(sources[key])} ${key}`).join(' · ')}`
}

function chunksLine({ embedded, reused, written, deleted }: ChunkCounts): string {
  return `chunks   ${formatCount(embedded)} embedded · ${formatCount(reused)} reused · ${formatCount(written)} written · ${formatCount(deleted)} deleted`
}

/** What a run did, for people. */
export function runSummary(report: RunReport): string {
  const { sources, chunks, tokens, durationMs } = report
  const lines = [sourcesLine(sources), chunksLine(chunks)]
  const seconds = durationMs / 1000
  lines.push(
    chunks.embedded === 0
      ? `time     ${formatDuration(durationMs)}`
      : `time     ${formatDuration(durationMs)} · ${formatQuantity(tokens, 'token')} · ${formatRate(chunks.embedded / seconds)} chunks/s · ${formatRate(tokens / seconds)} tokens/s`,
  )
  return lines.join('\n')
}
