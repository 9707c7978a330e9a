import { resolve } from 'node:path'
import type { PathExplanation } from '@quern/loader'
import type { CommandContext } from '../command-context.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import type { ConfigOptions } from '../config/resolve-config.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { printable } from '../report/printable.ts'
import { openLoader } from '../stages/open-loader.ts'

function sentence(path: string, explanation: PathExplanation): string {
  switch (explanation.type) {
    case 'listed':
      return `${path} is indexed as ${explanation.id}, ${explanation.asRecords ? 'each of its records by itself' : 'one document'} (${explanation.format})`
    case 'folder':
      return `${path} is a folder that is entered: its files are indexed as ${explanation.id}/…`
    case 'outside':
      return `${path} is not indexed: it lies in none of the sources`
    case 'missing':
      return `${path} is not there`
    case 'skipped':
      return `${path} is not indexed: ${explanation.id} is ${explanation.reason}: ${explanation.detail}`
  }
}

/** Says why a path is indexed or not. */
export async function explainCommand(
  path: string,
  options: GlobalOptions & ConfigOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const config = await resolveConfig(options, context)
  await using loader = await openLoader(config, context.programName)
  const explanation = await loader.explain(resolve(context.workingFolder, path))
  const line = options.json === true ? JSON.stringify({ path, ...explanation }) : printable(sentence(path, explanation))
  context.stdout.write(`${line}\n`)
  return exitCodes.done
}
