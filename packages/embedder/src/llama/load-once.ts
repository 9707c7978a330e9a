/**
 * A program: loads the model whose path is its argument on the processor, embeds a word, and ends. `tryLoading` runs it to see whether
 * llama.cpp survives that.
 */
import { getLlama, LlamaLogLevel } from 'node-llama-cpp'

const [modelPath = ''] = process.argv.slice(2)
const quiet = { build: 'never', skipDownload: true, progressLogs: false, logLevel: LlamaLogLevel.disabled } as const
const llama = await getLlama({ gpu: false, ...quiet })
const model = await llama.loadModel({ modelPath })
const context = await model.createEmbeddingContext({ contextSize: 64, batchSize: 64, threads: 1 })
await context.getEmbeddingFor('quern')
