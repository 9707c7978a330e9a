import type { PipelineEvent } from '@quern/pipeline'
import type { TextStream } from '../command-context.ts'
import type { RunReporter } from './run-reporter.ts'

const millisecondsBetweenProgress = 250

/**
 * One event a line on `stdout`. Progress of single chunks is thinned to four lines a second; the closing `run-finished` is
 * printed by the command, which knows the exit code.
 */
export function createJsonReporter(stdout: TextStream): RunReporter {
  let lastProgress = 0
  return {
    onEvent(event: PipelineEvent) {
      if (event.type === 'run-finished') return
      if (event.type === 'chunk-embedded') {
        const now = performance.now()
        if (now - lastProgress < millisecondsBetweenProgress) return
        lastProgress = now
      }
      stdout.write(`${JSON.stringify(event)}\n`)
    },
    say() {},
    [Symbol.dispose]() {},
  }
}
