import { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import type { PlanOptions } from './commands/plan.ts'
import type { RunOptions } from './commands/run.ts'
import { closing, seconds } from './command-help.ts'
import type { Finish } from './command-help.ts'
import { addInit } from './init-command.ts'
import { addInspectCommands } from './inspect-commands.ts'
import { addModels } from './models-commands.ts'
import { addRefreshing, addSelection } from './selection-options.ts'
import { addStoreCommands } from './store-commands.ts'
import { addUpkeepCommands } from './upkeep-commands.ts'

/** The commands, their options and their help. Each loads its code when it is run. */
export function createProgram(context: CommandContext, finish: Finish): Command {
  const { programName } = context
  const program = new Command(programName)
    .description('Index documents for retrieval-augmented generation, on this machine, and pay only for what changed.')
    .configureHelp({ showGlobalOptions: true })
    .option('--config <file>', 'configuration file; default: the nearest indexer.config.{json,yaml,ts,js}')
    .option('--store <type>', 'store backend: json (default) or lancedb')
    .option(
      '--store-path <place>',
      'folder of the store, or for lancedb an address (s3://…, db://…); default: .quern (lancedb: .quern-lancedb) beside the configuration file, or here',
    )
    .option(
      '--model <model>',
      'path of a .gguf embedding model, a name of "models list", onnx:<folder or name on the hub>, or "starter"',
    )
    .option('--gpu <kind>', 'auto, off, cuda, vulkan or metal')
    .option('--json', 'machine output: JSON on stdout, errors as JSON on stderr')
    .option('--quiet', 'no progress')
    .option('--verbose', 'more detail')
    .option('--no-color', 'no colours')
    .showSuggestionAfterError()
    .addHelpText('after', closing(programName, ['run docs', 'search "how do I restore a backup?"'], [0, 1, 2]))

  addRefreshing(addSelection(program.command('run').description('index files and folders incrementally')))
    .option('--dry-run', 'the same as plan')
    .option('--allow-mass-delete', 'delete even most of the store')
    .option('--strict', 'end the run at the first source that fails')
    .option('--wait <seconds>', 'wait for another run to finish', seconds)
    .addHelpText(
      'after',
      closing(
        programName,
        [
          'run docs',
          'run docs notes/todo.md --exclude "**/drafts/**"',
          'run --refresh-before 2026-11-01',
          'run --json | tail -n 1',
        ],
        [0, 1, 2, 3, 10, 11, 12, 13, 14, 130],
      ),
    )
    .action(async (paths: string[], _options: unknown, command: Command) => {
      const { runCommand } = await import('./commands/run.ts')
      finish(await runCommand({ ...command.optsWithGlobals<RunOptions>(), paths }, context))
    })

  addRefreshing(addSelection(program.command('plan').description('say what run would do; nothing is written')))
    .option('--explain <path>', 'say why a file or folder is indexed or not')
    .addHelpText(
      'after',
      closing(
        programName,
        ['plan docs', 'plan --json', 'plan docs --explain docs/draft.md'],
        [0, 1, 2, 3, 11, 12, 13, 14, 130],
      ),
    )
    .action(async (paths: string[], _options: unknown, command: Command) => {
      const { planCommand } = await import('./commands/plan.ts')
      finish(await planCommand({ ...command.optsWithGlobals<PlanOptions>(), paths }, context))
    })

  addInit(program, context, finish)
  addInspectCommands(program, context, finish)
  addModels(program, context, finish)
  addStoreCommands(program, context, finish)
  addUpkeepCommands(program, context, finish)

  return program
}
