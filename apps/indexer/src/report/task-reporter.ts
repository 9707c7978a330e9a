import { createLogUpdate } from 'log-update'
import type { CommandContext } from '../command-context.ts'
import type { GlobalOptions } from '../global-options.ts'

/** Shows a task while it goes. */
export interface TaskReporter<E> extends Disposable {
  readonly onEvent: (event: E) => void
  /** Says something beside the progress. */
  readonly say: (message: string) => void
  /** Takes a live line away for what is printed next; the next event draws it again. */
  readonly clear: () => void
}

/** An event, told apart by its type. */
interface TaskEvent {
  readonly type: string
}

const jsonInterval = 250
const liveInterval = 100
const plainInterval = 5000

/** Passes on what comes at most so often; what comes between is lost. */
function atMostEvery<T>(interval: number, first: number, pass: (value: T) => void): (value: T) => void {
  let passedAt = first
  return (value) => {
    const now = performance.now()
    if (now - passedAt < interval) return
    passedAt = now
    pass(value)
  }
}

/**
 * Shows the progress of a task, of which `lineOf` makes a line of each event that has news: one object a line on stdout under
 * `--json`, one live line on a terminal, otherwise a plain line every few seconds, nothing under `--quiet`. The closing event
 * (`…-finished`) is left to the command, which knows the exit code.
 */
export function createTaskReporter<E extends TaskEvent>(
  options: GlobalOptions,
  { stdout, stderr }: CommandContext,
  lineOf: (event: E) => string | undefined,
): TaskReporter<E> {
  if (options.json === true) {
    const print = atMostEvery<E>(jsonInterval, Number.NEGATIVE_INFINITY, (event) => {
      stdout.write(`${JSON.stringify(event)}\n`)
    })
    const onEvent = (event: E): void => (event.type.endsWith('-finished') ? undefined : print(event))
    return { onEvent, say() {}, clear() {}, [Symbol.dispose]() {} }
  }
  const { isTTY = false, columns = 80, rows = 24 } = stderr
  const isLive = isTTY && columns > 0 && rows > 0 && options.quiet !== true
  const live = isLive ? createLogUpdate(stderr) : undefined
  const draw = (line: string): void =>
    live === undefined ? void stderr.write(`${line}\n`) : live(line.slice(0, columns - 1))
  const show = isLive
    ? atMostEvery(liveInterval, Number.NEGATIVE_INFINITY, draw)
    : atMostEvery(plainInterval, performance.now(), draw)
  return {
    onEvent(event) {
      const line = options.quiet === true ? undefined : lineOf(event)
      if (line !== undefined) show(line)
    },
    say(message) {
      live?.clear()
      stderr.write(`${message}\n`)
    },
    clear: () => live?.clear(),
    [Symbol.dispose]() {
      live?.clear()
      live?.done()
    },
  }
}
