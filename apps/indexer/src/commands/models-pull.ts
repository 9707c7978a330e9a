import { QuernError } from '@quern/core'
import type { PulledModel, PulledOnnxModel } from '@quern/embedder'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { interruptible } from '../interruptible.ts'
import { formatBytes, formatQuantity } from '../report/format.ts'
import { onnxModelName } from '../report/onnx-model-listing.ts'
import { createPullReporter } from '../report/pull-reporter.ts'
import { isStarter, onnxArgument, requireKnownModel } from './named-model.ts'
import { pullHubModel, pullKnownModel } from './pull-known-model.ts'
import type { PullKnownModelOptions } from './pull-known-model.ts'

/** What is printed of a download. */
interface Pulled {
  /** As `--model` takes it. */
  readonly name: string
  readonly downloaded: boolean
  readonly path: string
  /** Beside the path, for people. */
  readonly size: string
  /** A sentence on what was compared. */
  readonly checked: string
  /** Under `--json`. */
  readonly facts: object
}

function describePulled(name: string, pulled: PulledModel): Pulled {
  const { path, bytes, sha256, downloaded, checkedAgainst } = pulled
  const unchecked = checkedAgainst === 'nothing' ? ', which was compared with nothing' : ', as expected'
  const facts = { bytes, sha256, downloaded, checkedAgainst }
  return { name, downloaded, path, size: formatBytes(bytes), checked: `SHA-256 ${sha256}${unchecked}`, facts }
}

function describePulledOnnx({ name, path, commit, files, bytes, downloaded }: PulledOnnxModel): Pulled {
  const unchecked = files.filter(({ checkedAgainst }) => checkedAgainst === 'nothing').map((file) => file.path)
  const asExpected = 'the hashes of all files are as expected'
  return {
    name: onnxModelName(name),
    downloaded,
    path,
    size: `${formatQuantity(files.length, 'file')}, ${formatBytes(bytes)}`,
    checked: unchecked.length === 0 ? asExpected : `compared with nothing: ${unchecked.join(', ')}`,
    facts: { bytes, commit: commit ?? null, files, downloaded },
  }
}

function printPulled(pulled: Pulled, options: GlobalOptions, { stdout, programName }: CommandContext): void {
  const { name, downloaded, path, size, checked, facts } = pulled
  if (options.json === true) {
    stdout.write(`${JSON.stringify({ type: 'pull-finished', name, path, ...facts, exitCode: exitCodes.done })}\n`)
    return
  }
  if (options.quiet === true) return
  stdout.write(`${downloaded ? 'downloaded' : 'already there'}: ${path} (${size})\n${checked}\n`)
  stdout.write(`use it with: ${programName} run --model ${name} --store-path <new folder>\n`)
}

/** What is to be fetched for an argument. Throws where it names nothing that can be. */
function choosePull(name: string, programName: string): (options: PullKnownModelOptions) => Promise<Pulled> {
  if (isStarter(name)) {
    throw new QuernError('OPTION_INVALID', `${name} comes with the program: there is nothing to download`, {
      hint: `Use it with: ${programName} run --model starter`,
    })
  }
  const onnx = onnxArgument(name)
  if (onnx !== undefined) return async (options) => describePulledOnnx(await pullHubModel(onnx, options))
  const known = requireKnownModel(name, programName)
  return async (options) => describePulled(known.name, await pullKnownModel(known, options))
}

/** Downloads a known model, or one in ONNX format from the hub, into the user's folder for models. */
export async function modelsPullCommand(
  name: string,
  options: GlobalOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const pull = choosePull(name, context.programName)
  using reporter = createPullReporter(options, context)
  const sayInterrupted = (): void => reporter.say('interrupted: what has arrived is kept; pull again to go on')
  return interruptible(sayInterrupted, async (signal) => {
    const pulled = await pull({ context, reporter, signal })
    reporter[Symbol.dispose]()
    printPulled(pulled, options, context)
    return exitCodes.done
  })
}
