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
  return { llama, logs }
}

/** llama.cpp for this kind of device; started by the first call, shared by all, there until the process ends. */
export async function sharedLlama(gpu: Gpu): Promise<SharedLlama> {
  const starting = started.get(gpu) ?? startLlama(gpu)
  started.set(gpu, starting)
  try {
    return await starting
  } catch (error) {
    started.delete(gpu)
    throw error
  }
}
