import { Option } from 'commander'
import type { Command } from 'commander'
import { closing, collect, wholeNumber } from './command-help.ts'
import type { Finish } from './command-help.ts'
import type { CommandContext } from './command-context.ts'
import type { ReportOptions } from './commands/report.ts'
import type { SearchOptions } from './commands/search.ts'
import type { ShowOptions } from './commands/show.ts'
import type { StatusOptions } from './commands/status.ts'
import type { GlobalOptions } from './global-options.ts'

function addSearch(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('search')
    .description('find the pieces that answer a question best, or the documents that are most like one')
    .argument('[query]', 'a question in plain words')
    .option('--limit <count>', 'most hits', wholeNumber, 10)
    .addOption(
      new Option('--mode <mode>', 'by vector, by words, or both; default: hybrid').choices([
        'hybrid',
        'vector',
        'keyword',
      ]),
    )
    .option('--filter <key=value>', 'only chunks with this metadata; key=value* by beginning (repeatable)', collect)
    .option(
      '--similar-to <source>',
      'in place of a question: documents like this one, each with the piece that is nearest',
    )
    .addHelpText(
      'after',
      closing(
        context.programName,
        [
          'search "how do I restore a backup?"',
          'search backup --limit 3 --filter "source=docs/*" --json',
          'search "error 1045" --mode keyword',
          'search --similar-to docs/guide.md --limit 5',
        ],
        [0, 1, 2, 11, 12, 14, 130],
      ),
    )
    .action(async (query: string | undefined, _options: unknown, command: Command) => {
      const { searchCommand } = await import('./commands/search.ts')
      finish(await searchCommand(query, command.optsWithGlobals<SearchOptions>(), context))
    })
}

function addStatus(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('status')
    .description('say what the store holds, what the last run did and what is out of date')
    .addHelpText('after', closing(context.programName, ['status', 'status --json'], [0, 1, 2, 11, 130]))
    .action(async (_options: unknown, command: Command) => {
      const { statusCommand } = await import('./commands/status.ts')
      finish(await statusCommand(command.optsWithGlobals<StatusOptions>(), context))
    })
}

function addShow(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('show')
    .description('print the chunks of a source, or one chunk with all that is known of it')
    .argument('<source>', 'id of a source, path of its file, or id of a chunk (the first 8 characters are enough)')
    .option('--vector', 'with the numbers of the vectors')
    .addHelpText(
      'after',
      closing(context.programName, ['show docs/guide.md', 'show docs/guide.md --vector --json'], [0, 1, 2, 11, 130]),
    )
    .action(async (source: string, _options: unknown, command: Command) => {
      const { showCommand } = await import('./commands/show.ts')
      finish(await showCommand(source, command.optsWithGlobals<ShowOptions>(), context))
    })
}

function addDoctor(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('doctor')
    .description('look at the environment (Node, native modules, model, store, lock, disk), and say what to do')
    .addHelpText('after', closing(context.programName, ['doctor', 'doctor --json'], [0, 1, 2, 130]))
    .action(async (_options: unknown, command: Command) => {
      const { doctorCommand } = await import('./commands/doctor.ts')
      finish(await doctorCommand(command.optsWithGlobals<GlobalOptions>(), context))
    })
}

function addReport(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('report')
    .description('write one HTML page on the store: a map, lengths, biggest sources, near-duplicates, failures')
    .option('--output <file>', 'file to write', 'quern-report.html')
    .option('--sample <count>', 'most chunks on the map, evenly spread', wholeNumber, 2000)
    .option('--overwrite', 'write over a file that is no report')
    .addHelpText(
      'after',
      closing(context.programName, ['report', 'report --output /tmp/corpus.html --sample 4000'], [0, 1, 2, 11, 130]),
    )
    .action(async (_options: unknown, command: Command) => {
      const { reportCommand } = await import('./commands/report.ts')
      finish(await reportCommand(command.optsWithGlobals<ReportOptions>(), context))
    })
}

/** Adds the commands that look into a store: search, status, show, report, doctor. */
export function addInspectCommands(program: Command, context: CommandContext, finish: Finish): void {
  addSearch(program, context, finish)
  addStatus(program, context, finish)
  addShow(program, context, finish)
  addReport(program, context, finish)
  addDoctor(program, context, finish)
}
