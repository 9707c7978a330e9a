import type { CommandContext } from '../command-context.ts'
import type { CheckLevel } from '../doctor/check.ts'
import { examineEnvironment } from '../doctor/examine-environment.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { interruptible } from '../interruptible.ts'
import { checkLines, examinationSummary } from '../report/check-listing.ts'

/** Looks at the environment, and says what is wrong with it and how to mend it. Exit code 1 where something does not work. */
export async function doctorCommand(options: GlobalOptions, context: CommandContext): Promise<ExitCode> {
  const { stdout } = context
  const counts: Record<CheckLevel, number> = { ok: 0, warn: 0, fail: 0 }
  return interruptible(
    () => {},
    async (signal) => {
      for await (const check of examineEnvironment({ options, context, signal })) {
        counts[check.level]++
        if (options.json === true) stdout.write(`${JSON.stringify({ type: 'environment-checked', ...check })}\n`)
        else if (options.quiet !== true || check.level !== 'ok') {
          for (const line of checkLines(check, stdout)) stdout.write(`${line}\n`)
        }
      }
      const exitCode = counts.fail > 0 ? exitCodes.failed : exitCodes.done
      if (options.json === true) stdout.write(`${JSON.stringify({ type: 'doctor-finished', ...counts, exitCode })}\n`)
      else if (options.quiet !== true) stdout.write(`${examinationSummary(counts)}\n`)
      return exitCode
    },
  )
}
