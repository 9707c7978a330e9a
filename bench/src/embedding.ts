/**
 * How fast texts are embedded, in turn: by the plain loop with node-llama-cpp's default options, by one context with one thread, by the
 * same without flash attention, by this project's embedder, by llama.cpp without Node on as many contexts, and by this project's second
 * engine, ONNX Runtime, on generated models of the same shape. Run: pnpm --filter @quern/bench embedding [model.gguf] [--seconds 4] [--rounds 3]
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { Embedder } from '@quern/core'
import { openLlamaEmbedder } from '@quern/embedder'
import { openOnnxEmbedder } from '@quern/embedder-onnx'
import { bgeSmallShapeOnnxFolder, bgeSmallShapePath } from '@quern/test-fixtures'
import { getLlama, LlamaLogLevel } from 'node-llama-cpp'
import { describeMachine } from './machine.ts'
import { measureInTurn, median } from './measure.ts'
import type { Sample, Variant } from './measure.ts'
import { buildNativeLlama } from './native-llama.ts'
import { formatHead, formatRow } from './report.ts'

const words =
  'stone water wheel grain flour bread wind sail river mill oven salt time work hand house road field'.split(' ')

/** A text of exactly this many tokens, special ones included. */
function textOf(tokens: number, countTokens: (text: string) => number, salt: number): string {
  let text = ''
  for (let i = 0; countTokens(text) < tokens; i++) text += `${words[(i * 7 + salt) % words.length]} `
  while (countTokens(text) > tokens) text = text.slice(0, -1)
  return text
}

function textsOf(tokens: number, engine: Embedder): string[] {
  return Array.from({ length: 97 }, (_, salt) => textOf(tokens, (text) => engine.countTokens(text), salt * 14))
}

/** Runs through the texts again and again until the time is over. */
function* untilOver(texts: readonly string[], seconds: number): Generator<string> {
  const end = performance.now() + seconds * 1000
  for (let i = 0; performance.now() < end; i++) yield texts[i % texts.length] as string
}

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '4' }, rounds: { type: 'string', default: '3' } },
  allowPositionals: true,
})
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)
const modelPath = positionals[0] ?? (await bgeSmallShapePath())

await using embedder = await openLlamaEmbedder({ modelPath, gpu: 'off' })
await embedder.load()
await using onnxSingle = await openOnnxEmbedder({ modelFolder: await bgeSmallShapeOnnxFolder(false) })
await using onnxQuantised = await openOnnxEmbedder({ modelFolder: await bgeSmallShapeOnnxFolder(true) })
await Promise.all([onnxSingle.load(), onnxQuantised.load()])
const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, logLevel: LlamaLogLevel.error })
const model = await llama.loadModel({ modelPath })
const defaultContext = await model.createEmbeddingContext()
const plainModel = await llama.loadModel({ modelPath, defaultContextFlashAttention: false })
const plainContext = await plainModel.createEmbeddingContext({ threads: 1, contextSize: 512, batchSize: 512 })
const singleContext = await model.createEmbeddingContext({ threads: 1, contextSize: 512, batchSize: 512 })

function loop(name: string, context: typeof defaultContext, texts: readonly string[], tokens: number): Variant {
  return {
    name,
    async run(duration) {
      let units = 0
      for (const text of untilOver(texts, duration)) {
        await context.getEmbeddingFor(text)
        units += tokens
      }
      return units
    },
  }
}

function ours(name: string, engine: Embedder, tokens: number): Variant {
  // Many different texts: equal ones that are on the way together would be embedded once.
  const texts = textsOf(tokens, engine)
  return {
    name,
    async run(duration) {
      let units = 0
      for await (const _ of engine.embedDocuments(untilOver(texts, duration))) units += tokens
      return units
    },
  }
}

const native = buildNativeLlama()

function nativeVariants(tokens: number): Variant[] {
  if (native === undefined) return []
  const contexts = Math.min(availableParallelism(), 16)
  const flashAttention = tokens >= 64
  return [
    {
      name: 'llama.cpp without Node',
      run: (duration) => native({ modelPath, contexts, tokens, seconds: duration, flashAttention }),
    },
  ]
}

function tokensPerSecond(samples: readonly Sample[]): number {
  return median(samples.map(({ units, wallSeconds }) => units / wallSeconds))
}

function row(name: string, samples: readonly Sample[], baseline: readonly Sample[]): string {
  const perCpuSecond = median(samples.map(({ units, cpuSeconds }) => units / cpuSeconds))
  const speed = tokensPerSecond(samples)
  const ratio = speed / tokensPerSecond(baseline)
  return formatRow([name, speed.toFixed(0), perCpuSecond.toFixed(0), `${ratio.toFixed(1)}×`])
}

console.log(await describeMachine(['node-llama-cpp', 'onnxruntime-node']))
console.log(`model: ${modelPath.split(/[/\\]/).at(-1)}; median of ${rounds} rounds of ${seconds} s, in turn\n`)
for (const tokens of [20, 128, 480]) {
  const texts = textsOf(tokens, embedder)
  const variants: Variant[] = [
    loop('plain loop, default options', defaultContext, texts, tokens),
    loop('one context, one thread', singleContext, texts, tokens),
    loop('the same without flash attention', plainContext, texts, tokens),
    ours('Quern', embedder, tokens),
    ...nativeVariants(tokens),
    ours('Quern on ONNX Runtime, f32', onnxSingle, tokens),
    ours('Quern on ONNX Runtime, int8', onnxQuantised, tokens),
  ]
  const samples = await measureInTurn(variants, { rounds, seconds })
  const baseline = samples.get('plain loop, default options') ?? []
  console.log(formatHead([`${tokens} tokens a text`, 'tokens/s', 'tokens/CPU-s', 'against the plain loop']))
  for (const [name, list] of samples) console.log(row(name, list, baseline))
  console.log('')
}
