import type { CommandContext } from '../command-context.ts'
import type { GlobalOptions } from '../global-options.ts'
import { createJsonReporter } from './json-reporter.ts'
import { createLiveReporter } from './live-reporter.ts'
import { createPlainReporter } from './plain-reporter.ts'
import type { RunReporter } from './run-reporter.ts'

/** JSON lines under `--json`, one live line on a terminal, otherwise a plain line every few seconds. */
export function createRunReporter(options: GlobalOptions, { stdout, stderr }: CommandContext): RunReporter {
  if (options.json === true) return createJsonReporter(stdout)
  const detail = { quiet: options.quiet === true, verbose: options.verbose === true }
  // A terminal that does not know its size (a job under `script`, some CI) shows no live line.
  const { isTTY = false, columns = 80, rows = 24 } = stderr
  return isTTY && columns > 0 && rows > 0 && !detail.quiet
    ? createLiveReporter(stderr, detail)
    : createPlainReporter(stderr, detail)
}
