import { resolve } from 'node:path'
import { QuernError } from '@quern/core'
import { findKnownModel, knownModels, modelFileSize, modelPathIn, readModelFile, unknownModel } from '@quern/embedder'
import type { KnownModel, PulledModel } from '@quern/embedder'
import { starterModel } from '@quern/model-starter'
import type { CommandContext } from '../command-context.ts'
import { closestWord } from '../config/closest-word.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { interruptible } from '../interruptible.ts'
import { formatBytes } from '../report/format.ts'
import { knownModelLines, modelFileLines, modelObject, modelTable } from '../report/model-listing.ts'
import type { DescribedFile, ListedModel } from '../report/model-listing.ts'
import { createPullReporter } from '../report/pull-reporter.ts'
import { modelFolderOf, pullKnownModel } from './pull-known-model.ts'

/** What the `models` commands take: nothing of their own. */
export type ModelsOptions = GlobalOptions

async function listed(model: KnownModel, folder: string): Promise<ListedModel> {
  const path = modelPathIn(folder, model)
  return { model, path, fileBytes: await modelFileSize(path) }
}

/** The known model of this name. Throws `MODEL_NOT_FOUND`, with the name that was probably meant. */
function requireKnownModel(name: string, programName: string): KnownModel {
  const model = findKnownModel(name)
  if (model !== undefined) return model
  const { code, message, details } = unknownModel(name)
  const closest = closestWord(
    name,
    knownModels.flatMap((known) => [known.name, ...known.aliases]),
  )
  const meant = closest === undefined ? '' : `; did you mean "${closest}"?`
  throw new QuernError(code, `${message}${meant}`, {
    hint: `See: ${programName} models list. Any other embedding model in GGUF format works by its path: --model <path.gguf>.`,
    details,
  })
}

function isStarter(name: string): boolean {
  return name === 'starter' || name === starterModel.name
}

/** Prints the known models and which of them are downloaded. */
export async function modelsListCommand(options: ModelsOptions, context: CommandContext): Promise<ExitCode> {
  const { stdout } = context
  const folder = modelFolderOf(context)
  const models = await Promise.all(knownModels.map((model) => listed(model, folder)))
  const lines = options.json === true ? models.map((model) => JSON.stringify(modelObject(model))) : modelTable(models)
  for (const line of lines) stdout.write(`${line}\n`)
  return exitCodes.done
}

async function describeFile(path: string): Promise<DescribedFile> {
  const file = await readModelFile(path)
  return { ...file, bytes: (await modelFileSize(path)) ?? 0 }
}

/** Prints what is known of a model, or what a model file says of itself; of a known model that is downloaded, both. */
export async function modelsInfoCommand(
  nameOrPath: string,
  options: ModelsOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { stdout, programName, workingFolder } = context
  const isPath = /\.gguf$|[/\\]/i.test(nameOrPath) && findKnownModel(nameOrPath) === undefined
  const filePath = isStarter(nameOrPath) ? starterModel.path : resolve(workingFolder, nameOrPath)
  const known =
    isPath || isStarter(nameOrPath)
      ? undefined
      : await listed(requireKnownModel(nameOrPath, programName), modelFolderOf(context))
  const path = known?.path ?? filePath
  const file = known !== undefined && known.fileBytes === undefined ? undefined : await describeFile(path)
  if (options.json === true) {
    stdout.write(`${JSON.stringify({ known: known === undefined ? null : modelObject(known), file: file ?? null })}\n`)
    return exitCodes.done
  }
  const lines = known === undefined ? [] : knownModelLines(known, programName)
  const gap = known === undefined || file === undefined ? [] : ['', 'the file says of itself:']
  for (const line of [...lines, ...gap, ...(file === undefined ? [] : modelFileLines(file))]) stdout.write(`${line}\n`)
  return exitCodes.done
}

function printPulled(model: KnownModel, pulled: PulledModel, options: ModelsOptions, context: CommandContext): void {
  const { stdout, programName } = context
  const { path, bytes, sha256, downloaded, checkedAgainst } = pulled
  if (options.json === true) {
    const facts = { name: model.name, path, bytes, sha256, downloaded, checkedAgainst, exitCode: exitCodes.done }
    stdout.write(`${JSON.stringify({ type: 'pull-finished', ...facts })}\n`)
    return
  }
  if (options.quiet === true) return
  const unchecked = checkedAgainst === 'nothing' ? ', which was compared with nothing' : ', as expected'
  stdout.write(`${downloaded ? 'downloaded' : 'already there'}: ${path} (${formatBytes(bytes)})\n`)
  stdout.write(`SHA-256 ${sha256}${unchecked}\n`)
  stdout.write(`use it with: ${programName} run --model ${model.name} --store-path <new folder>\n`)
}

/** Downloads a known model into the user's folder for models. */
export async function modelsPullCommand(
  name: string,
  options: ModelsOptions,
  context: CommandContext,
): Promise<ExitCode> {
  if (isStarter(name)) {
    throw new QuernError('OPTION_INVALID', `${name} comes with the program: there is nothing to download`, {
      hint: `Use it with: ${context.programName} run --model starter`,
    })
  }
  const model = requireKnownModel(name, context.programName)
  using reporter = createPullReporter(options, context)
  const sayInterrupted = (): void => reporter.say('interrupted: what has arrived is kept; pull again to go on')
  return interruptible(sayInterrupted, async (signal) => {
    const pulled = await pullKnownModel(model, { context, reporter, signal })
    reporter[Symbol.dispose]()
    printPulled(model, pulled, options, context)
    return exitCodes.done
  })
}
