import type { TextStream } from '../command-context.ts'
import { eventMessage } from './event-message.ts'
import type { Detail } from './event-message.ts'
import { progressLine } from './progress-line.ts'
import { createRunProgress } from './run-progress.ts'
import type { RunReporter } from './run-reporter.ts'

const millisecondsBetweenLines = 5000

/** A plain line at most every five seconds, for logs. Quiet: failures alone. */
export function createPlainReporter(stderr: TextStream, detail: Detail): RunReporter {
  const progress = createRunProgress()
  const say = (message: string): void => void stderr.write(`${message}\n`)
  let lastLine = performance.now()
  return {
    onEvent(event) {
      progress.observe(event)
      const message = eventMessage(event, detail)
      if (message !== undefined) say(message)
      const now = performance.now()
      if (detail.quiet || event.type === 'run-finished' || now - lastLine < millisecondsBetweenLines) return
      lastLine = now
      say(progressLine(progress.snapshot(), { width: 200, plain: true }))
    },
    say,
    [Symbol.dispose]() {},
  }
}
