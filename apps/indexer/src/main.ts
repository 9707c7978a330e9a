import { styleText } from 'node:util'
import { errorMessage } from '@quern/core'
import { CommanderError } from 'commander'
import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { createProgram } from './create-program.ts'
import { describeError } from './describe-error.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'

/** commander's own words for a usage error, without the `error: ` in front. */
function usageMessage(error: CommanderError): string {
  return error.message.replace(/^error: /, '')
}

/** Applies to a command and all below it: errors are thrown, and printed by `main`. */
function throwErrors(command: Command, context: CommandContext): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => void context.stdout.write(text),
    writeErr: () => {},
  })
  for (const below of command.commands) throwErrors(below, context)
}

function printError(error: unknown, arguments_: readonly string[], { stderr, programName }: CommandContext): void {
  const described =
    error instanceof CommanderError
      ? { type: 'error', code: 'OPTION_INVALID', message: usageMessage(error), hint: `See: ${programName} --help` }
      : describeError(error)
  if (arguments_.includes('--json')) {
    stderr.write(`${JSON.stringify(described)}\n`)
    return
  }
  stderr.write(`${styleText('red', 'error:', { stream: stderr })} ${described.message}\n`)
  if (described.hint !== undefined) stderr.write(`${described.hint}\n`)
  if (arguments_.includes('--verbose') && error instanceof Error) {
    stderr.write(`${error.stack ?? ''}\n`)
    if (error.cause !== undefined) stderr.write(`caused by: ${errorMessage(error.cause)}\n`)
  }
}

/** Runs the command that `arguments_` (without the program's own path) ask for, and tells the exit code. Prints errors; never rejects. */
export async function main(arguments_: readonly string[], context: CommandContext): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done
  const program = createProgram(context, (code) => {
    exitCode = code
  })
  throwErrors(program, context)
  try {
    if (arguments_.length === 0) {
      program.outputHelp()
      return exitCodes.usage
    }
    await program.parseAsync(arguments_, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done
    printError(error, arguments_, context)
    return error instanceof CommanderError ? exitCodes.usage : exitCodeOf(error)
  }
}
