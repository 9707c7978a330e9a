import type { PullProgress } from '@quern/embedder'
import { createLogUpdate } from 'log-update'
import type { CommandContext, TextStream } from '../command-context.ts'
import type { GlobalOptions } from '../global-options.ts'
import { formatBytes, formatDuration } from './format.ts'

/** Shows a download while it goes. */
export interface PullReporter extends Disposable {
  readonly onProgress: (progress: PullProgress) => void
  /** Says something beside the progress. */
  readonly say: (message: string) => void
}

const jsonInterval = 250
const liveInterval = 100
const plainInterval = 5000

/** How far a download is in words: `41 % · 15.1 MB of 36.8 MB · 3.1 MB/s · 7 s left`. `bytesPerSecond` 0 is a rate not known yet. */
export function pullLine({ bytes, totalBytes }: PullProgress, bytesPerSecond: number): string {
  const rate = bytesPerSecond > 0 ? [`${formatBytes(bytesPerSecond)}/s`] : []
  if (totalBytes === undefined) return [formatBytes(bytes), ...rate].join(' · ')
  const share = `${Math.floor((100 * bytes) / totalBytes)} %`
  const secondsLeft = bytesPerSecond > 0 ? Math.ceil((totalBytes - bytes) / bytesPerSecond) : 0
  const left = secondsLeft > 0 ? [`${formatDuration(secondsLeft * 1000)} left`] : []
  return [share, `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`, ...rate, ...left].join(' · ')
}

/** Calls `show` at most so often; the rate is that since the first call, so that what a resumed download holds does not count. */
function atMostEvery(interval: number, show: (progress: PullProgress, bytesPerSecond: number) => void) {
  let first: { readonly bytes: number; readonly at: number } | undefined
  let shownAt = Number.NEGATIVE_INFINITY
  return (progress: PullProgress): void => {
    const now = performance.now()
    first ??= { bytes: progress.bytes, at: now }
    if (now - shownAt < interval) return
    shownAt = now
    show(progress, now > first.at ? (1000 * (progress.bytes - first.bytes)) / (now - first.at) : 0)
  }
}

function createLiveReporter(stderr: TextStream): PullReporter {
  const line = createLogUpdate(stderr)
  return {
    onProgress: atMostEvery(liveInterval, (progress, rate) => {
      line(pullLine(progress, rate).slice(0, (stderr.columns ?? 80) - 1))
    }),
    say(message) {
      line.clear()
      stderr.write(`${message}\n`)
    },
    [Symbol.dispose]() {
      line.clear()
      line.done()
    },
  }
}

/**
 * JSON lines on stdout under `--json`, one live line on a terminal, otherwise a plain line every few seconds; nothing but what is
 * said under `--quiet`.
 */
export function createPullReporter(options: GlobalOptions, { stdout, stderr }: CommandContext): PullReporter {
  if (options.json === true) {
    const onProgress = atMostEvery(jsonInterval, ({ bytes, totalBytes }) => {
      stdout.write(`${JSON.stringify({ type: 'pull-progress', bytes, totalBytes })}\n`)
    })
    return { onProgress, say() {}, [Symbol.dispose]() {} }
  }
  const { isTTY = false, columns = 80, rows = 24 } = stderr
  if (isTTY && columns > 0 && rows > 0 && options.quiet !== true) return createLiveReporter(stderr)
  const say = (message: string): void => void stderr.write(`${message}\n`)
  const onProgress = atMostEvery(plainInterval, (progress, rate) => say(`downloading: ${pullLine(progress, rate)}`))
  return { onProgress: options.quiet === true ? () => {} : onProgress, say, [Symbol.dispose]() {} }
}
