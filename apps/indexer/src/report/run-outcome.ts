import type { RunReport } from '@quern/pipeline'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'

/** The exit code of a run that came to its end. */
export function exitCodeOfRun({ interrupted, sources }: RunReport): ExitCode {
  if (interrupted) return exitCodes.interrupted
  return sources.failed > 0 ? exitCodes.someSourcesFailed : exitCodes.done
}

const nothing: Pick<RunReport, 'sources' | 'chunks' | 'tokens'> = {
  sources: { new: 0, changed: 0, moved: 0, deleted: 0, unchanged: 0, failed: 0 },
  chunks: { embedded: 0, reused: 0, written: 0, deleted: 0 },
  tokens: 0,
}

function finishedLine(report: Omit<RunReport, 'interrupted'>, exitCode: ExitCode): string {
  const { sources, chunks, tokens, durationMs } = report
  return JSON.stringify({ type: 'run-finished', sources, chunks, tokens, durationMs, exitCode })
}

/** What a run did, as the last line of `run --json`. */
export function runFinishedLine(report: RunReport): string {
  return finishedLine(report, exitCodeOfRun(report))
}

/** The last line of `run --json` where the run ended with an error: what it had done by then, undefined where it had not begun. */
export function runEndedLine(done: RunReport | undefined, exitCode: ExitCode, durationMs: number): string {
  return finishedLine(done ?? { ...nothing, durationMs: Math.round(durationMs) }, exitCode)
}
