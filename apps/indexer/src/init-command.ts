import { Option } from 'commander'
import type { Command } from 'commander'
import { closing } from './command-help.ts'
import type { Finish } from './command-help.ts'
import type { CommandContext } from './command-context.ts'
import type { InitOptions } from './commands/init.ts'
import { configFormats } from './init/render-config.ts'

/** Adds the command that writes a configuration. */
export function addInit(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('init')
    .description('look at this folder, and write a commented configuration for it')
    .addOption(new Option('--format <format>', 'language of the file').choices([...configFormats]).default('yaml'))
    .addHelpText('after', closing(context.programName, ['init', 'init --format ts'], [0, 1, 2, 130]))
    .action(async (_options: unknown, command: Command) => {
      const { initCommand } = await import('./commands/init.ts')
      finish(await initCommand(command.optsWithGlobals<InitOptions>(), context))
    })
}
