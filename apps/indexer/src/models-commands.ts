import type { Command } from 'commander'
import { closing } from './command-help.ts'
import type { Finish } from './command-help.ts'
import type { CommandContext } from './command-context.ts'
import { closestWord } from './config/closest-word.ts'
import type { GlobalOptions } from './global-options.ts'

/** What a model is called below `models`. */
const hubName = 'onnx:<owner>/<repository>[@<revision>][/<file>.onnx]'

/** Ends with the error for a command that is none of those below `models`. */
function unknownCommand(models: Command, name: string): never {
  const meant = closestWord(
    name,
    models.commands.map((command) => command.name()),
  )
  const suggestion = meant === undefined ? '' : `\n(Did you mean ${meant}?)`
  return models.error(`error: unknown command '${name}'${suggestion}`, { code: 'commander.unknownCommand' })
}

function addInfo(models: Command, context: CommandContext, finish: Finish): void {
  models
    .command('info')
    .description('what is known of a model, and what its file says')
    .argument('<model>', `a name of "models list", the path of a .gguf file, or ${hubName}`)
    .addHelpText(
      'after',
      closing(context.programName, ['models info bge-m3', 'models info model.gguf --json'], [0, 1, 2, 14]),
    )
    .action(async (model: string, _options: unknown, command: Command) => {
      const { modelsInfoCommand } = await import('./commands/models-info.ts')
      finish(await modelsInfoCommand(model, command.optsWithGlobals<GlobalOptions>(), context))
    })
}

function addPull(models: Command, context: CommandContext, finish: Finish): void {
  const examples = [
    'models pull bge-small-en-v1.5',
    'models pull onnx:Xenova/bge-small-en-v1.5',
    'models pull onnx:Xenova/bge-small-en-v1.5/onnx/model_quantized.onnx',
  ]
  models
    .command('pull')
    .description('download a known model, or one in ONNX format from the hub')
    .argument('<model>', `a name of "models list", or ${hubName}; its file is onnx/model.onnx if none is named`)
    .addHelpText('after', closing(context.programName, examples, [0, 1, 2, 10, 14, 130]))
    .action(async (model: string, _options: unknown, command: Command) => {
      const { modelsPullCommand } = await import('./commands/models-pull.ts')
      finish(await modelsPullCommand(model, command.optsWithGlobals<GlobalOptions>(), context))
    })
}

/** Adds the commands on models: list, which is also what `models` alone does, info, pull. */
export function addModels(program: Command, context: CommandContext, finish: Finish): void {
  const { programName } = context
  const list = async (command: Command): Promise<void> => {
    const { modelsListCommand } = await import('./commands/models-list.ts')
    finish(await modelsListCommand(command.optsWithGlobals<GlobalOptions>(), context))
  }
  const models = program
    .command('models')
    .description('known models, downloaded files, a model file’s facts')
    .helpCommand(true)
    .addHelpText('after', closing(programName, ['models list', 'models pull bge-small-en-v1.5'], [0, 1, 2, 14, 130]))
    .action(async (_options: unknown, command: Command) => {
      const [unknown] = command.args
      if (unknown !== undefined) unknownCommand(command, unknown)
      await list(command)
    })
  models
    .command('list')
    .description('known models, and which of them are downloaded (what models alone does)')
    .addHelpText('after', closing(programName, ['models list', 'models list --json'], [0, 1, 2]))
    .action(async (_options: unknown, command: Command) => list(command))
  addInfo(models, context, finish)
  addPull(models, context, finish)
  // What follows is looked at by the action: a mistyped command is not one argument too many. Last, since commands inherit it.
  models.allowExcessArguments()
}
