import { availableParallelism } from 'node:os'
import { isQuernError } from '@quern/core'
import { probeLlama, recommendedThreadPoolSize } from '@quern/embedder'
import type { CommandContext } from '../command-context.ts'
import { modelFolderOf } from '../commands/pull-known-model.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import { uriPattern } from '../config/store-schema.ts'
import type { GlobalOptions } from '../global-options.ts'
import { programAsTyped } from '../next-command.ts'
import { openEmbedder } from '../stages/open-embedder.ts'
import { openStore } from '../stages/open-store.ts'
import type { Check } from './check.ts'
import { checkDisk } from './check-disk.ts'
import { checkLock } from './check-lock.ts'
import { checkModel } from './check-model.ts'
import { checkNativeModules } from './check-native-modules.ts'
import type { NativeModule } from './check-native-modules.ts'
import { checkNode, checkThreads } from './check-node.ts'
import type { NodeFacts } from './check-node.ts'
import { checkStore } from './check-store.ts'

/** What an examination works with. */
export interface Examination {
  readonly options: GlobalOptions
  readonly context: CommandContext
  readonly signal: AbortSignal
}

function nodeFacts(config: ResolvedConfig | undefined, { env }: CommandContext): NodeFacts {
  const processors = availableParallelism()
  return {
    version: process.versions.node,
    platform: process.platform,
    architecture: process.arch,
    processors,
    threadPoolSize: env['UV_THREADPOOL_SIZE'],
    recommendedPoolSize: recommendedThreadPoolSize(processors),
    concurrency: config?.embedding.concurrency,
  }
}

function nativeModules(config: ResolvedConfig | undefined): NativeModule[] {
  return [
    {
      name: 'llama.cpp',
      purpose: 'models in GGUF files, the bundled one among them',
      needed: (config?.model.engine ?? 'llama') === 'llama',
      probe: () => probeLlama(config?.embedding.gpu),
      fix: 'npm install --include=optional @quern/indexer',
    },
    {
      name: 'lancedb',
      purpose: 'stores of type lancedb',
      needed: config?.store.type === 'lancedb',
      probe: async () => (await import('@quern/store-lancedb')).probeLance(),
      fix: 'npm install --include=optional @quern/store-lancedb, or --store json',
    },
    {
      name: 'onnx',
      purpose: 'models in ONNX format',
      needed: config?.model.engine === 'onnx',
      probe: async () => (await import('@quern/embedder-onnx')).probeOnnxRuntime(),
      fix: 'npm install @quern/embedder-onnx',
    },
  ]
}

/** The checked configuration; undefined where it is wrong, which is the first thing that is found. */
async function checkConfig({ options, context }: Examination): Promise<{ config?: ResolvedConfig; check: Check }> {
  const name = 'config'
  try {
    const config = await resolveConfig(options, context)
    const message = config.file ?? `no configuration file in ${config.folder} or above: defaults and flags`
    return { config, check: { name, level: 'ok', message } }
  } catch (error) {
    if (!isQuernError(error)) throw error
    const { message, hint } = error
    return { check: { name, level: 'fail', message, ...(hint === undefined ? {} : { fix: hint }) } }
  }
}

/** Looks at everything that a run needs, and yields what it finds. Writes nothing but a few small files, which it removes. */
export async function* examineEnvironment(examination: Examination): AsyncGenerator<Check> {
  const { options, context, signal } = examination
  const { config, check } = await checkConfig(examination)
  const facts = nodeFacts(config, context)
  yield checkNode(facts)
  yield checkThreads(facts)
  yield check
  yield* await checkNativeModules(nativeModules(config))
  const models = { name: 'model disk', folder: modelFolderOf(context) }
  if (config !== undefined) {
    const model = await checkModel(() => openEmbedder(config, { context }), signal)
    yield model.check
    const { path: place } = config.store
    const programName = programAsTyped(context.programName, options)
    yield await checkStore({
      open: () => openStore(config, { mode: 'read', signal }),
      place,
      space: model.space,
      programName,
    })
    if (!uriPattern.test(place)) {
      yield await checkLock(place, programName)
      yield await checkDisk({ name: 'store disk', folder: place })
    }
  }
  yield await checkDisk(models)
}
