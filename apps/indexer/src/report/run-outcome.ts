import type { RunReport } from '@quern/pipeline'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'

/** The exit code of a run that came to its end. */
export function exitCodeOfRun({ interrupted, sources }: RunReport): ExitCode {
  if (interrupted) return exitCodes.interrupted
  return sources.failed > 0 ? exitCodes.someSourcesFailed : exitCodes.done
}

/** What a run did, as the last line of `run --json`. */
export function runFinishedLine(report: RunReport): string {
  const { sources, chunks, tokens, durationMs } = report
  const exitCode = exitCodeOfRun(report)
  return JSON.stringify({ type: 'run-finished', sources, chunks, tokens, durationMs, exitCode })
}
