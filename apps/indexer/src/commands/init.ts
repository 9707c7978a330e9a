import { writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { QuernError, systemErrorCode } from '@quern/core'
import type { CommandContext } from '../command-context.ts'
import { findConfigFile } from '../config/load-config.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { renderConfig } from '../init/render-config.ts'
import type { ConfigFormat } from '../init/render-config.ts'
import { suggestConfig } from '../init/suggest-config.ts'
import type { SuggestedConfig } from '../init/suggest-config.ts'
import { surveyFolder } from '../init/survey-folder.ts'
import type { FolderSurvey } from '../init/survey-folder.ts'
import { interruptible } from '../interruptible.ts'
import { surveyLine } from '../report/survey-listing.ts'

/** What `init` takes. */
export interface InitOptions extends GlobalOptions {
  readonly format: ConfigFormat
}

/** The published JSON Schema, which lies beside `src` and `dist`. */
const schemaFile = fileURLToPath(new URL('../../indexer.config.schema.json', import.meta.url))

/** Where the schema is, seen from a folder: by a relative path, or on another drive by its address. */
function schemaPathFrom(folder: string): string {
  const path = relative(folder, schemaFile)
  if (path === schemaFile) return pathToFileURL(schemaFile).href
  const posix = path.split(sep).join('/')
  return posix.startsWith('.') ? posix : `./${posix}`
}

/** Rejects with `CONFIG_INVALID` where the folder has a configuration file already. Gives the one above it, if there is one. */
async function refuseOverwriting(folder: string): Promise<string | undefined> {
  const found = await findConfigFile(folder)
  if (found === undefined || join(found, '..') !== folder) return found
  throw new QuernError('CONFIG_INVALID', `there is a configuration file already: ${found}`, {
    hint: 'Edit it. To begin anew, move it away first.',
    details: { file: found },
  })
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' })
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    throw new QuernError('CONFIG_INVALID', `the configuration file ${path} cannot be written: ${String(error)}`, {
      hint: 'Check that you may write to this folder.',
      cause: error,
    })
  }
}

/** What `init` did. */
interface Initialized {
  readonly file: string
  /** A configuration further up, which does not count here any more. */
  readonly above: string | undefined
  readonly survey: FolderSurvey
  readonly config: SuggestedConfig
}

function printResult(
  { file, above, survey, config }: Initialized,
  options: InitOptions,
  context: CommandContext,
): void {
  const { stdout, stderr, programName } = context
  if (options.json === true) {
    const { documents, bytes, unsupported } = survey
    const { estimatedChunks, ...suggested } = config
    const found = { documents, bytes, unsupported, estimatedChunks }
    stdout.write(`${JSON.stringify({ type: 'init-finished', file, ...found, config: suggested, exitCode: 0 })}\n`)
    return
  }
  if (above !== undefined) stderr.write(`from this folder on it counts in place of ${above}\n`)
  if (options.quiet === true) return
  stdout.write(`found    ${surveyLine(survey)}\n`)
  stdout.write(
    `wrote    ${relative(context.workingFolder, file)}: sources ${config.sources.join(', ')}; store ${config.store.type}\n`,
  )
  stdout.write(`next     ${programName} plan    what a run would do, and how long it would take\n`)
  stdout.write(`         ${programName} run     do it\n`)
}

/** Looks at the working folder and writes a configuration for it, with comments. */
export async function initCommand(options: InitOptions, context: CommandContext): Promise<ExitCode> {
  const { workingFolder } = context
  return interruptible(
    () => {},
    async (signal) => {
      const above = await refuseOverwriting(workingFolder)
      const survey = await surveyFolder(workingFolder, { signal })
      const config = suggestConfig(survey)
      const file = join(workingFolder, `indexer.config.${options.format}`)
      await writeNew(file, renderConfig(config, options.format, schemaPathFrom(workingFolder)))
      // What was written is what will be read.
      await resolveConfig({ config: file }, context)
      printResult({ file, above, survey, config }, options, context)
      return exitCodes.done
    },
  )
}
