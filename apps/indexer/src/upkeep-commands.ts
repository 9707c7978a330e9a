import type { Command } from 'commander'
import { closing, seconds } from './command-help.ts'
import type { Finish } from './command-help.ts'
import { addSelection } from './selection-options.ts'
import type { CommandContext } from './command-context.ts'
import type { ReembedOptions } from './commands/reembed.ts'
import type { WatchOptions } from './commands/watch.ts'

function addReembed(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('reembed')
    .description('embed what the store holds with another model (--model), from the stored texts, then switch to it')
    .option('--to <store>', 'write to another store in place of switching this one; see copy --help')
    .option(
      '--leave-out',
      'switch without sources that have a text too long for the model; the next run splits them again',
    )
    .option('--wait <seconds>', 'wait for a run to finish', seconds)
    .addHelpText(
      'after',
      '\nUntil the switch, which is one step, the old vectors are read by every search. Ended or killed, it goes on where it was when\nit is called again.',
    )
    .addHelpText(
      'after',
      closing(
        context.programName,
        ['reembed --model bge-small-en-v1.5', 'reembed --model bge-small-en-v1.5 --to lancedb:s3://bucket/index-2'],
        [0, 1, 2, 3, 10, 11, 12, 14, 130],
      ),
    )
    .action(async (_options: unknown, command: Command) => {
      const { reembedCommand } = await import('./commands/reembed.ts')
      finish(await reembedCommand(command.optsWithGlobals<ReembedOptions>(), context))
    })
}

function addWatch(program: Command, context: CommandContext, finish: Finish): void {
  addSelection(program.command('watch').description('run, and run again after each change, until Ctrl-C'))
    .option('--allow-mass-delete', 'delete even most of the store')
    .option('--debounce <seconds>', 'how long nothing must have changed before a run; default: 0.5', seconds)
    .option(
      '--reconcile <seconds>',
      'run at least so often, whatever the system tells of changes; default: 600',
      seconds,
    )
    .option('--wait <seconds>', 'wait for another run to finish; default: 60', seconds)
    .addHelpText(
      'after',
      '\nThe model stays loaded between the runs, and the store is free for other programs. What changed while it was off is found by\nthe first run. A run that fails is told and does not end the watch.',
    )
    .addHelpText(
      'after',
      closing(context.programName, ['watch docs', 'watch --debounce 5', 'watch --json'], [1, 2, 10, 11, 12, 14, 130]),
    )
    .action(async (paths: string[], _options: unknown, command: Command) => {
      const { watchCommand } = await import('./commands/watch.ts')
      finish(await watchCommand({ ...command.optsWithGlobals<WatchOptions>(), paths }, context))
    })
}

/** Adds the commands that keep a store up to date beside run: reembed, watch. */
export function addUpkeepCommands(program: Command, context: CommandContext, finish: Finish): void {
  addReembed(program, context, finish)
  addWatch(program, context, finish)
}
