import { styleText } from 'node:util'
import { errorMessage } from '@quern/core'
import { CommanderError } from 'commander'
import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { createProgram } from './create-program.ts'
import { describeError, UnsupportedNodeError } from './describe-error.ts'
import type { ErrorObject } from './describe-error.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import type { GlobalOptions } from './global-options.ts'
import { nameCommands, programAsTyped } from './next-command.ts'
import { nodeProblem } from './supported-node.ts'

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

/** The help that belongs to what was typed. */
function helpCommand(arguments_: readonly string[], program: Command, programName: string): string {
  const command = program.commands.find((candidate) => arguments_.includes(candidate.name()))
  return command === undefined ? `${programName} --help` : `${programName} ${command.name()} --help`
}

function describeUsageError(error: CommanderError, help: string): ErrorObject {
  const quoting = error.code === 'commander.excessArguments' ? 'Put a question of several words in quotes. ' : ''
  return { type: 'error', code: 'OPTION_INVALID', message: usageMessage(error), hint: `${quoting}See: ${help}` }
}

/** An error whose hint names commands as they are typed here, for this store. */
function describeForUser(error: unknown, program: Command, programName: string): ErrorObject {
  const { hint, ...described } = describeError(error)
  if (hint === undefined) return described
  return { ...described, hint: nameCommands(hint, programAsTyped(programName, program.opts<GlobalOptions>())) }
}

function printError(error: unknown, arguments_: readonly string[], program: Command, context: CommandContext): void {
  const { stderr, programName } = context
  const described =
    error instanceof CommanderError
      ? describeUsageError(error, helpCommand(arguments_, program, programName))
      : describeForUser(error, program, programName)
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

/** Refuses all commands but `doctor`, which tells of it with the rest, on a Node that is too old. */
function requireNode(program: Command, version: string): void {
  const problem = nodeProblem(version)
  program.hook('preAction', (_program, command) => {
    if (problem !== undefined && command.name() !== 'doctor') throw new UnsupportedNodeError(problem)
  })
}

/**
 * Runs the command that `arguments_` (without the program's own path) ask for, and tells the exit code. Prints errors; never rejects.
 * `nodeVersion` is that of the Node that it runs on.
 */
export async function main(
  arguments_: readonly string[],
  context: CommandContext,
  nodeVersion: string = process.versions.node,
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done
  const program = createProgram(context, (code) => {
    exitCode = code
  })
  throwErrors(program, context)
  requireNode(program, nodeVersion)
  try {
    if (arguments_.length === 0) {
      program.outputHelp()
      return exitCodes.usage
    }
    await program.parseAsync(arguments_, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done
    printError(error, arguments_, program, context)
    return error instanceof CommanderError ? exitCodes.usage : exitCodeOf(error)
  }
}
