import { Command, InvalidArgumentError, Option } from 'commander'
import type { CommandContext } from './command-context.ts'
import type { ModelsOptions } from './commands/models.ts'
import type { PlanOptions } from './commands/plan.ts'
import type { RunOptions } from './commands/run.ts'
import type { SearchOptions } from './commands/search.ts'
import type { StatusOptions } from './commands/status.ts'
import { exitCodeMeanings } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('A whole number is needed.')
  return value
}

function seconds(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('A number of seconds is needed.')
  return value
}

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value]
}

/** Examples and exit codes below the help of a command. */
function closing(program: string, examples: readonly string[], codes: readonly ExitCode[]): string {
  const exits = codes.map((code) => `  ${String(code).padEnd(4)} ${exitCodeMeanings[code]}`)
  return ['', 'Examples:', ...examples.map((example) => `  $ ${program} ${example}`), '', 'Exit codes:', ...exits].join(
    '\n',
  )
}

function addSelection(command: Command): Command {
  return command
    .argument('[paths...]', 'files and folders; default: the sources of the configuration file')
    .option('--include <glob>', 'index only files that match (repeatable)', collect)
    .option('--exclude <glob>', 'leave out what matches (repeatable)', collect)
    .option('--no-ignore', 'do not honour .gitignore and .indexignore')
    .option('--checksum', 'compare contents, not sizes and times')
    .option('--no-delete', 'keep what is indexed of files that are gone')
}

/** Called with the exit code of the command that ran. */
export type Finish = (code: ExitCode) => void

function addModels(program: Command, context: CommandContext, finish: Finish): void {
  const { programName } = context
  const models = program
    .command('models')
    .description('known models, downloaded files, a model file’s facts')
    .addHelpText('after', closing(programName, ['models list', 'models pull bge-small-en-v1.5'], [0, 1, 2, 14, 130]))

  models
    .command('list', { isDefault: true })
    .description('known models, and which of them are downloaded')
    .addHelpText('after', closing(programName, ['models list', 'models list --json'], [0, 1, 2]))
    .action(async (_options: unknown, command: Command) => {
      const { modelsListCommand } = await import('./commands/models.ts')
      finish(await modelsListCommand(command.optsWithGlobals<ModelsOptions>(), context))
    })

  models
    .command('info')
    .description('what is known of a model, and what its file says')
    .argument('<model>', 'a name of "models list", or the path of a .gguf file')
    .addHelpText('after', closing(programName, ['models info bge-m3', 'models info model.gguf --json'], [0, 1, 2, 14]))
    .action(async (model: string, _options: unknown, command: Command) => {
      const { modelsInfoCommand } = await import('./commands/models.ts')
      finish(await modelsInfoCommand(model, command.optsWithGlobals<ModelsOptions>(), context))
    })

  models
    .command('pull')
    .description('download a known model')
    .argument('<model>', 'a name of "models list"')
    .addHelpText('after', closing(programName, ['models pull bge-small-en-v1.5'], [0, 1, 2, 10, 14, 130]))
    .action(async (model: string, _options: unknown, command: Command) => {
      const { modelsPullCommand } = await import('./commands/models.ts')
      finish(await modelsPullCommand(model, command.optsWithGlobals<ModelsOptions>(), context))
    })
}

/** The commands, their options and their help. Each loads its code when it is run. */
export function createProgram(context: CommandContext, finish: Finish): Command {
  const { programName } = context
  const program = new Command(programName)
    .description('Index documents for retrieval-augmented generation, on this machine, and pay only for what changed.')
    .configureHelp({ showGlobalOptions: true })
    .option('--config <file>', 'configuration file; default: the nearest indexer.config.{json,yaml,ts,js}')
    .option('--store <type>', 'store backend: json')
    .option('--store-path <folder>', 'folder of the store; default: .quern beside the configuration file, or here')
    .option('--model <model>', 'path of a .gguf embedding model, a name of "models list", or "starter"')
    .option('--gpu <kind>', 'auto, off, cuda, vulkan or metal')
    .option('--json', 'machine output: JSON on stdout, errors as JSON on stderr')
    .option('--quiet', 'no progress')
    .option('--verbose', 'more detail')
    .option('--no-color', 'no colours')
    .showSuggestionAfterError()
    .addHelpText('after', closing(programName, ['run docs', 'search "how do I restore a backup?"'], [0, 1, 2]))

  addSelection(program.command('run').description('index files and folders incrementally'))
    .option('--dry-run', 'the same as plan')
    .option('--allow-mass-delete', 'delete even most of the store')
    .option('--strict', 'end the run at the first source that fails')
    .option('--wait <seconds>', 'wait for another run to finish', seconds)
    .addHelpText(
      'after',
      closing(
        programName,
        ['run docs', 'run docs notes/todo.md --exclude "**/drafts/**"', 'run --json | tail -n 1'],
        [0, 1, 2, 3, 10, 11, 12, 13, 14, 130],
      ),
    )
    .action(async (paths: string[], _options: unknown, command: Command) => {
      const { runCommand } = await import('./commands/run.ts')
      finish(await runCommand({ ...command.optsWithGlobals<RunOptions>(), paths }, context))
    })

  addSelection(program.command('plan').description('say what run would do; nothing is written'))
    .addHelpText('after', closing(programName, ['plan docs', 'plan --json'], [0, 1, 2, 3, 11, 12, 13, 14, 130]))
    .action(async (paths: string[], _options: unknown, command: Command) => {
      const { planCommand } = await import('./commands/plan.ts')
      finish(await planCommand({ ...command.optsWithGlobals<PlanOptions>(), paths }, context))
    })

  program
    .command('search')
    .description('find the pieces that answer a question best')
    .argument('<query>', 'a question in plain words')
    .option('--limit <count>', 'most hits', wholeNumber, 10)
    .addOption(
      new Option('--mode <mode>', 'default: the best that the store has').choices(['hybrid', 'vector', 'keyword']),
    )
    .option('--filter <key=value>', 'only chunks with this metadata; key=value* by beginning (repeatable)', collect)
    .addHelpText(
      'after',
      closing(
        programName,
        ['search "how do I restore a backup?"', 'search backup --limit 3 --filter "source=docs/*" --json'],
        [0, 1, 2, 11, 12, 14, 130],
      ),
    )
    .action(async (query: string, _options: unknown, command: Command) => {
      const { searchCommand } = await import('./commands/search.ts')
      finish(await searchCommand(query, command.optsWithGlobals<SearchOptions>(), context))
    })

  addModels(program, context, finish)

  program
    .command('status')
    .description('say what the store holds and what is out of date')
    .addHelpText('after', closing(programName, ['status', 'status --json'], [0, 1, 2, 11, 14]))
    .action(async (_options: unknown, command: Command) => {
      const { statusCommand } = await import('./commands/status.ts')
      finish(await statusCommand(command.optsWithGlobals<StatusOptions>(), context))
    })

  return program
}
