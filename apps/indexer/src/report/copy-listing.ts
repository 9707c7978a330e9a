import type { CopyEvent, CopyReport } from '@quern/pipeline'
import { formatCount, formatDuration, formatQuantity, formatRate } from './format.ts'

/** Follows a copy: gives a line on where it stands for each event that has news. `verb` begins it (`copying`). `now` gives milliseconds. */
export function createCopyLine(
  verb: string,
  now: () => number = () => performance.now(),
): (event: CopyEvent) => string | undefined {
  const startedAt = now()
  let total: { readonly sources: number; readonly chunks: number } | undefined
  return (event) => {
    if (event.type === 'copy-started') {
      const { sources, chunks } = event
      total = sources === undefined || chunks === undefined ? undefined : { sources, chunks }
    }
    if (event.type !== 'batch-copied') return undefined
    const { sources, chunks } = event
    const rate = chunks / Math.max(0.001, (now() - startedAt) / 1000)
    const speed = `${formatRate(rate)} chunks/s`
    if (total === undefined || total.chunks < chunks) {
      return `${verb}: ${formatQuantity(sources, 'source')} · ${formatQuantity(chunks, 'chunk')} · ${speed}`
    }
    const share = total.chunks === 0 ? 100 : Math.floor((100 * chunks) / total.chunks)
    const left = rate > 0 ? [`${formatDuration(Math.ceil((total.chunks - chunks) / rate) * 1000)} left`] : []
    const counts = `${formatCount(sources)}/${formatQuantity(total.sources, 'source')} · ${formatCount(chunks)}/${formatQuantity(total.chunks, 'chunk')}`
    return [`${verb}: ${share} %`, counts, speed, ...left].join(' · ')
  }
}

/** What a copy did, for people. `done` is what happened to a source: `copied`, `imported`. */
export function copySummary({ sources, chunks, durationMs }: CopyReport, done: string): string {
  const counts = ({ copied, unchanged, deleted }: CopyReport['sources']): string =>
    `${formatCount(copied)} ${done} · ${formatCount(unchanged)} unchanged · ${formatCount(deleted)} deleted`
  return [`sources  ${counts(sources)}`, `chunks   ${counts(chunks)}`, `time     ${formatDuration(durationMs)}`].join(
    '\n',
  )
}
