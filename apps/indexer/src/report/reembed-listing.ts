import type { ReembedEvent, ReembedReport } from '@quern/pipeline'
import { formatCount, formatDuration, formatQuantity, formatRate } from './format.ts'

/** Follows a re-embedding: gives a line on where it stands for each event that has news. `now` gives milliseconds. */
export function createReembedLine(
  now: () => number = () => performance.now(),
): (event: ReembedEvent) => string | undefined {
  let startedAt = now()
  let chunks = 0
  let done = 0
  let embedded = 0
  let embeddedBefore = 0
  return (event) => {
    if (event.type === 'reembed-started') chunks = event.chunks
    if (event.type === 'model-loading') return 'loading the model'
    if (event.type === 'model-loaded') startedAt = now()
    if (event.type === 'batch-committed') {
      done = event.chunks
      embeddedBefore = embedded
    }
    if (event.type === 'chunk-embedded') embedded = event.embedded
    if (event.type !== 'chunk-embedded' && event.type !== 'batch-committed') return undefined
    const at = Math.min(chunks, done + embedded - embeddedBefore)
    const rate = embedded / Math.max(0.001, (now() - startedAt) / 1000)
    const share = chunks === 0 ? 100 : Math.floor((100 * at) / chunks)
    const left = embedded > 0 ? [`${formatDuration(Math.ceil((chunks - at) / rate) * 1000)} left`] : []
    const counts = `${formatCount(at)}/${formatQuantity(chunks, 'chunk')}`
    return [`embedding anew: ${share} %`, counts, `${formatRate(rate)} chunks/s`, ...left].join(' · ')
  }
}

/** What a re-embedding did, for people. */
export function reembedSummary({ sources, chunks, durationMs }: ReembedReport): string {
  const { written, kept, failed } = sources
  const rate = chunks.embedded === 0 ? '' : ` · ${formatRate((1000 * chunks.embedded) / durationMs)} chunks/s`
  return [
    `sources  ${formatCount(written)} embedded anew · ${formatCount(kept)} done before · ${formatCount(failed)} failed`,
    `chunks   ${formatCount(chunks.embedded)} embedded · ${formatCount(chunks.reused)} reused · ${formatCount(chunks.kept)} done before`,
    `time     ${formatDuration(durationMs)}${rate}`,
  ].join('\n')
}
