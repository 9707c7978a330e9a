/**
 * The whole way from files to a store, over real files with a real model: a first run, runs with nothing changed against the bare walk, a run after 1 % of the
 * files changed; then what a run costs as the corpus grows, with an embedder that answers at once. Run:
 * pnpm --filter @quern/bench end-to-end [--model starter|bge|FILE.gguf] [--files 10000] [--rounds 5] [--sizes 1000,10000,100000] [--large] [--quick] [--json FILE]
 * `--large` adds a million chunks with LanceDB.
 */
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { createTaskRunner } from './child-tasks.ts'
import { changeOnePercent, collectCorpus } from './end-to-end/collect-corpus.ts'
import type { EndToEndFigures, GrowthFigures, RunFigures } from './end-to-end/end-to-end-figures.ts'
import type { endToEndTasks } from './end-to-end/end-to-end-tasks.ts'
import { findModel } from './find-model.ts'
import { median, repeatInTurn } from './measure.ts'
import type { memoryTasks } from './memory/memory-tasks.ts'
import { renderEndToEnd } from './page/render-end-to-end.ts'
import type { planningTasks } from './planning/planning-tasks.ts'
import { beginRecord } from './results/record-result.ts'

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'starter' },
    files: { type: 'string' },
    rounds: { type: 'string' },
    sizes: { type: 'string' },
    large: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
})
const { quick } = values
const files = Number(values.files ?? (quick ? 20 : 10_000))
const rounds = Number(values.rounds ?? (quick ? 1 : 5))
const sizes = (values.sizes ?? (quick ? '20,40' : '1000,10000,100000')).split(',').map(Number)
const modelPath = await findModel(values.model)
const recorder = beginRecord({
  name: 'end-to-end',
  quick,
  packages: ['node-llama-cpp', '@lancedb/lancedb'],
  file: values.json,
})

await using temporary = await mkdtempDisposable(join(tmpdir(), 'quern-bench-'))
const tree = join(temporary.path, 'corpus')
const path = join(temporary.path, 'store')
const run = createTaskRunner<typeof endToEndTasks>(new URL('./end-to-end/end-to-end-tasks.ts', import.meta.url))
const runPlanning = createTaskRunner<typeof planningTasks>(new URL('./planning/planning-tasks.ts', import.meta.url))
const runMemory = createTaskRunner<typeof memoryTasks>(new URL('./memory/memory-tasks.ts', import.meta.url))

async function index(): Promise<RunFigures> {
  const { result, peakBytes } = await run('index', { tree, path, modelPath })
  return { ...result, peakBytes }
}

async function walk(): Promise<{ seconds: number; peakBytes: number }> {
  const { result, peakBytes } = await runPlanning('walkBare', { tree })
  return { seconds: result.seconds, peakBytes }
}

/** The middle of what the rounds gave. */
function middle(results: readonly { seconds: number; peakBytes: number }[] = []): {
  seconds: number
  peakBytes: number
} {
  return {
    seconds: median(results.map(({ seconds }) => seconds)),
    peakBytes: median(results.map(({ peakBytes }) => peakBytes)),
  }
}

async function grow(store: GrowthFigures['store'], size: number): Promise<GrowthFigures> {
  const place = join(temporary.path, `${store}-${size}`)
  const { result, peakBytes } = await runMemory('indexGenerated', { type: store, chunks: size, path: place })
  return { store, chunks: result.chunks, seconds: result.seconds, peakBytes }
}

const corpus = await collectCorpus(tree, files)
const first = await index()
const idle = await repeatInTurn(
  new Map([
    ['walk', walk],
    [
      'unchanged',
      async () => {
        const figures = await index()
        if (figures.chunks > 0) throw new Error(`${figures.chunks} chunks were written though nothing had changed`)
        return figures
      },
    ],
  ]),
  rounds,
)
const changedFiles = await changeOnePercent(tree, 'A line that was not there before.')
const changed = await index()

const growth: GrowthFigures[] = []
const stores = quick ? (['json'] as const) : (['none', 'json', 'lancedb'] as const)
for (const store of stores) {
  for (const size of sizes) growth.push(await grow(store, size))
}
if (values.large) growth.push(await grow('lancedb', 1_000_000))

const figures: EndToEndFigures = {
  model: basename(modelPath),
  corpus,
  first,
  changed,
  changedFiles,
  unchanged: { ...middle(idle.get('unchanged')), rounds },
  walk: middle(idle.get('walk')),
  growth,
}
console.log(renderEndToEnd(await recorder.record(figures)))
