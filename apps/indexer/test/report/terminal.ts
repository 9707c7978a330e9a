import { Writable } from 'node:stream'
import type { TextStream } from '../../src/command-context.ts'

/** What a stream looks like to those who write to it. */
export interface TerminalOptions {
  /** Whether it is a terminal that shows colours; NO_COLOR and the like in the tester's environment do not count. */
  readonly colors: boolean
  readonly columns?: number
  readonly rows?: number
}

/** A stream that keeps what is written to it. */
export interface Terminal extends TextStream {
  readonly written: () => string
}

/** A terminal, or with `colors: false` a pipe, in memory. */
export function terminal({ colors, columns = 80, rows = 24 }: TerminalOptions): Terminal {
  let text = ''
  const stream = new Writable({
    write(data, _encoding, done) {
      text += String(data)
      done()
    },
  })
  const depth = colors ? 4 : 1
  return Object.assign(stream, {
    written: () => text,
    isTTY: colors,
    columns,
    rows,
    getColorDepth: () => depth,
    hasColors: () => colors,
  })
}
