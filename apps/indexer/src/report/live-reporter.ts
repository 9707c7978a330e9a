import { styleText } from 'node:util'
import { createLogUpdate } from 'log-update'
import type { TextStream } from '../command-context.ts'
import { eventMessage } from './event-message.ts'
import type { Detail } from './event-message.ts'
import { progressLine } from './progress-line.ts'
import { createRunProgress } from './run-progress.ts'
import type { ProgressSnapshot } from './run-progress.ts'
import type { RunReporter } from './run-reporter.ts'
import { stageLines } from './stage-lines.ts'

const framesPerSecond = 10
/** Rows that the stages take, with one for what stands above them. */
const rowsOfStages = 6

/** The stages of a run; on a terminal that is too low for them, one line. */
function frame(at: ProgressSnapshot, stream: TextStream): string {
  // The last column stays free: a full line would wrap on some terminals.
  const width = (stream.columns ?? 80) - 1
  if ((stream.rows ?? 24) < rowsOfStages) return progressLine(at, { width, plain: false })
  const paint = (bar: string, share: number): string => styleText(share === 1 ? 'green' : 'cyan', bar, { stream })
  return stageLines(at, { width, paint }).join('\n')
}

/** A line for each stage, drawn again ten times a second where something has changed; what is said besides stands above them. */
export function createLiveReporter(stderr: TextStream, detail: Detail): RunReporter {
  const progress = createRunProgress()
  const view = createLogUpdate(stderr)
  let drawn = ''
  const draw = (): void => {
    const text = frame(progress.snapshot(), stderr)
    if (text === drawn) return
    drawn = text
    view(text)
  }
  const say = (message: string): void => {
    view.clear()
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
      view.clear()
      view.done()
    },
  }
}
