import { QuernError } from '@quern/core'
import type { Llama } from 'node-llama-cpp'
import type { LlamaEmbedderOptions } from './llama-embedder-options.ts'

/** llama.cpp as it runs in this process. */
export interface SharedLlama {
  readonly llama: Llama
  /** The latest lines that it logged, oldest first. */
  readonly logs: readonly string[]
}

type Gpu = NonNullable<LlamaEmbedderOptions['gpu']>

const keptLines = 20
// One for the process: a second instance takes the first one's logger away, and from then on llama.cpp prints to the console.
const started = new Map<Gpu, Promise<SharedLlama>>()

async function startLlama(gpu: Gpu): Promise<SharedLlama> {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp')
  const logs: string[] = []
  const llama = await getLlama({
    gpu: gpu === 'off' ? false : gpu,
    // A library compiles and downloads nothing behind its user's back.
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
    logger: (_level, message) => {
      logs.push(message.trim())
      if (logs.length > keptLines) logs.shift()
    },
    // Each context has one thread; how many there are is the embedder's choice.
    maxThreads: 0,
  })
  if (gpu !== 'auto' && gpu !== 'off' && llama.gpu !== gpu) {
    await llama.dispose()
    throw new Error(`it would run on ${llama.gpu === false ? 'the processor' : llama.gpu}`)
  }
  return { llama, logs }
}

function cannotStart(gpu: Gpu, cause: unknown): QuernError {
  const where = `${process.platform} ${process.arch}`
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause)
  if (gpu === 'auto' || gpu === 'off') {
    return new QuernError('EMBEDDER_FAILED', `llama.cpp does not start on ${where}: ${reason}`, {
      hint: 'Check that the prebuilt package of node-llama-cpp for this platform is installed (optional dependencies).',
      cause,
    })
  }
  return new QuernError('OPTION_INVALID', `there is no llama.cpp for ${gpu} on ${where}: ${reason}`, {
    hint: `Install the prebuilt package of node-llama-cpp for ${gpu}, or compute with --gpu auto or --gpu off.`,
    cause,
  })
}

/**
 * llama.cpp for this kind of device; started by the first call, shared by all, there until the process ends. Rejects with
 * `OPTION_INVALID` when there is none for a device that was named, with `EMBEDDER_FAILED` when it does not start at all.
 */
export async function sharedLlama(gpu: Gpu): Promise<SharedLlama> {
  const starting = started.get(gpu) ?? startLlama(gpu)
  started.set(gpu, starting)
  try {
    return await starting
  } catch (error) {
    started.delete(gpu)
    throw cannotStart(gpu, error)
  }
}
