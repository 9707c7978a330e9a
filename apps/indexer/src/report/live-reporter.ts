import { createLogUpdate } from 'log-update'
import type { TextStream } from '../command-context.ts'
import { eventMessage } from './event-message.ts'
import type { Detail } from './event-message.ts'
import { progressLine } from './progress-line.ts'
import { createRunProgress } from './run-progress.ts'
import type { RunReporter } from './run-reporter.ts'

const framesPerSecond = 10

/** One line that is drawn again ten times a second; what is said besides stands above it. */
export function createLiveReporter(stderr: TextStream, detail: Detail): RunReporter {
  const progress = createRunProgress()
  const line = createLogUpdate(stderr)
  let drawn = ''
  const draw = (): void => {
    // The last column stays free: a full line would wrap on some terminals.
    const text = progressLine(progress.snapshot(), { width: (stderr.columns ?? 80) - 1, plain: false })
    if (text === drawn) return
    drawn = text
    line(text)
  }
  const say = (message: string): void => {
    line.clear()
    drawn = ''
    stderr.write(`${message}\n`)
  }
  const timer = setInterval(draw, 1000 / framesPerSecond)
  return {
    onEvent(event) {
      progress.observe(event)
      const message = eventMessage(event, detail)
      if (message !== undefined) say(message)
    },
    say,
    [Symbol.dispose]() {
      clearInterval(timer)
      line.clear()
      line.done()
    },
  }
}
