import { Option } from 'commander'
import type { Command } from 'commander'
import { closing, seconds, wholeNumber } from './command-help.ts'
import type { Finish } from './command-help.ts'
import type { CommandContext } from './command-context.ts'
import type { CopyOptions } from './commands/copy.ts'
import type { ExportOptions } from './commands/export.ts'
import type { ImportOptions } from './commands/import.ts'
import type { VerifyOptions } from './commands/verify.ts'

/** How a store is named on the command line. */
const storeNames = `
A <store> is one of:
  json:<folder>                      JSON files in this folder
  lancedb:<folder>, lancedb:s3://…   LanceDB in this folder, or at this address
  json, lancedb                      the configured place, or the default place of this type (.quern, .quern-lancedb)
  <folder>                           of the type of the store that is there; a new one of that of the other store
`

function addVerify(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('verify')
    .description('look for damage, and compare samples with texts embedded anew')
    .option(
      '--samples <count>',
      'chunks to embed anew; default: 20 where the model of the store is at hand',
      wholeNumber,
    )
    .option('--repair', 'mend what is found; what cannot be mended is removed and named, to be indexed again')
    .option('--wait <seconds>', 'wait for a run to finish, with --repair', seconds)
    .addHelpText(
      'after',
      closing(
        context.programName,
        ['verify', 'verify --samples 200', 'verify --repair --json'],
        [0, 1, 2, 3, 10, 11, 12, 14, 130],
      ),
    )
    .action(async (_options: unknown, command: Command) => {
      const { verifyCommand } = await import('./commands/verify.ts')
      finish(await verifyCommand(command.optsWithGlobals<VerifyOptions>(), context))
    })
}

function addCopy(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('copy')
    .description('copy everything to another store, backend or place, without embedding')
    .option('--to <store>', 'store to copy to; default, with --from: the configured one')
    .option('--from <store>', 'store to copy from; default: the configured one')
    .option('--delete', 'remove from the target what the other store does not have')
    .option('--allow-mass-delete', 'delete even most of the target')
    .option('--wait <seconds>', 'wait for a run on the target to finish', seconds)
    .addHelpText('after', storeNames.trimEnd())
    .addHelpText(
      'after',
      closing(
        context.programName,
        [
          'copy --to lancedb',
          'copy --to lancedb:s3://bucket/index',
          'copy --from json:.quern',
          'copy --to backup/index --delete',
        ],
        [0, 1, 2, 10, 11, 12, 13, 130],
      ),
    )
    .action(async (_options: unknown, command: Command) => {
      const { copyCommand } = await import('./commands/copy.ts')
      finish(await copyCommand(command.optsWithGlobals<CopyOptions>(), context))
    })
}

function addExchange(program: Command, context: CommandContext, finish: Finish): void {
  const { programName } = context
  program
    .command('export')
    .description('write everything that the store holds as JSON Lines')
    .argument('[file]', 'file to write; default, or -: stdout')
    .addOption(
      new Option('--encoding <encoding>', 'numbers of vectors: decimal for people and programs, base64 for size')
        .choices(['decimal', 'base64'])
        .default('decimal'),
    )
    .option('--overwrite', 'write over a file that is there')
    .addHelpText(
      'after',
      closing(
        programName,
        ['export index.jsonl', 'export --encoding base64 | gzip > index.jsonl.gz'],
        [0, 1, 2, 11, 130],
      ),
    )
    .action(async (file: string | undefined, _options: unknown, command: Command) => {
      const { exportCommand } = await import('./commands/export.ts')
      finish(await exportCommand(file, command.optsWithGlobals<ExportOptions>(), context))
    })

  program
    .command('import')
    .description('read into the store what export wrote, or a JSON file of embeddings that another program made')
    .argument('<file>', 'file to read, or - for the standard input')
    .option('--model-name <name>', 'for a file of another program: the name that it gives to the model of --model')
    .option('--source <id>', 'for a file of another program: the source of entries that name none')
    .option('--wait <seconds>', 'wait for a run to finish', seconds)
    .addHelpText(
      'after',
      closing(
        programName,
        [
          'import index.jsonl',
          'import - < index.jsonl',
          'import embeddings.json --model bge-small-en-v1.5 --source old-index',
        ],
        [0, 1, 2, 10, 11, 12, 14, 130],
      ),
    )
    .action(async (file: string, _options: unknown, command: Command) => {
      const { importCommand } = await import('./commands/import.ts')
      finish(await importCommand(file, command.optsWithGlobals<ImportOptions>(), context))
    })
}

/** Adds the commands on a store as a whole: verify, copy, export, import. */
export function addStoreCommands(program: Command, context: CommandContext, finish: Finish): void {
  addVerify(program, context, finish)
  addCopy(program, context, finish)
  addExchange(program, context, finish)
}
