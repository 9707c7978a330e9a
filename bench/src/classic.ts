/**
 * The classic example of tutorials: documents embedded, saved, loaded, and ten more that come to a thousand; the naive code that people write from tutorials
 * beside Quern. Run: pnpm --filter @quern/bench classic [--model bge|starter|FILE.gguf] [--small 100] [--large 1000] [--rounds 5] [--quick] [--json FILE]
 */
import { copyFile, cp, mkdtempDisposable, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { createTaskRunner } from './child-tasks.ts'
import type { ClassicFigures, ClassicWay } from './classic/classic-figures.ts'
import type { classicTasks } from './classic/classic-tasks.ts'
import { writeNotes } from './classic/write-notes.ts'
import { median, repeatInTurn } from './measure.ts'
import { findModel } from './find-model.ts'
import { renderClassic } from './page/render-classic.ts'
import { beginRecord } from './results/record-result.ts'

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    small: { type: 'string' },
    large: { type: 'string' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
})
const { quick } = values
const small = Number(values.small ?? (quick ? 2 : 100))
const large = Number(values.large ?? (quick ? 3 : 1000))
const added = quick ? 1 : 10
const rounds = Number(values.rounds ?? (quick ? 1 : 5))
const modelPath = await findModel(values.model ?? (quick ? 'starter' : 'bge'))
const recorder = beginRecord({ name: 'classic', quick, packages: ['node-llama-cpp'], file: values.json })

await using temporary = await mkdtempDisposable(join(tmpdir(), 'quern-bench-'))
const at = (name: string): string => join(temporary.path, name)
const run = createTaskRunner<typeof classicTasks>(new URL('./classic/classic-tasks.ts', import.meta.url))

/** The median of one figure over rounds. */
const middle = <K extends string>(results: readonly Readonly<Record<K, number>>[] | undefined, figure: K): number =>
  median((results ?? []).map((result) => result[figure]))

/** What is remembered of the model from one process to the next, as the command line does it. */
const hashCacheFolder = at('remembered')

await writeNotes(at('small'), 0, small)
await writeNotes(at('large'), 0, large)
const naiveFirst = (await run('embedNaively', { folder: at('small'), path: at('naive-small.json'), modelPath })).result
const firstRuns = await repeatInTurn(
  new Map([
    [
      'quern',
      async (round: number) =>
        (await run('index', { folder: at('small'), path: at(`small-${round}`), modelPath, hashCacheFolder })).result,
    ],
  ]),
  Math.min(rounds, 3),
)
const quernFirst = firstRuns.get('quern') ?? []

const anew = (await run('index', { folder: at('large'), path: at('store'), modelPath, hashCacheFolder })).result
if (anew.documents !== large) throw new Error(`${anew.documents} of ${large} documents were indexed`)
const prepared = await run('prepareNaively', { folder: at('large'), path: at('naive.json'), storePath: at('store') })
const { vector } = (await run('firstVector', { path: at('store') })).result
const loads = await repeatInTurn(
  new Map([
    ['naive', async () => (await run('loadNaively', { path: at('naive.json') })).result],
    ['quern', async () => (await run('load', { path: at('store'), vector })).result],
  ]),
  rounds,
)

await writeNotes(at('large'), large, large + added)
const adding = { folder: at('large'), modelPath }
const runs = await repeatInTurn(
  new Map([
    [
      'naive',
      async (round: number) => {
        await copyFile(at('naive.json'), at(`naive-${round}.json`))
        return (await run('addNaively', { ...adding, path: at(`naive-${round}.json`) })).result
      },
    ],
    [
      'quern',
      async (round: number) => {
        await cp(at('store'), at(`store-${round}`), { recursive: true, preserveTimestamps: true })
        return (await run('index', { ...adding, path: at(`store-${round}`), hashCacheFolder })).result
      },
    ],
  ]),
  Math.min(rounds, 3),
)

const naive: ClassicWay = {
  firstRun: naiveFirst.run,
  loadModel: naiveFirst.loadModel,
  embed: naiveFirst.embed,
  save: naiveFirst.save,
  textsPerSecond: small / naiveFirst.embed,
  bytesPerDocument: prepared.result.bytes / large,
  load: middle(loads.get('naive'), 'load'),
  addNew: middle(runs.get('naive'), 'add'),
  addNewWithModel: middle(runs.get('naive'), 'run'),
  embeddedAgain: middle(runs.get('naive'), 'embedded'),
}
const quern: ClassicWay = {
  firstRun: middle(quernFirst, 'run'),
  loadModel: middle(quernFirst, 'loadModel'),
  embed: middle(quernFirst, 'embed'),
  save: middle(quernFirst, 'save'),
  textsPerSecond: small / middle(quernFirst, 'embed'),
  bytesPerDocument: anew.bytes / large,
  load: middle(loads.get('quern'), 'load'),
  addNew: middle(runs.get('quern'), 'add'),
  addNewWithModel: middle(runs.get('quern'), 'run'),
  embeddedAgain: middle(runs.get('quern'), 'embedded'),
}
const figures: ClassicFigures = {
  model: basename(modelPath),
  modelBytes: (await stat(modelPath)).size,
  small,
  large,
  added,
  tokensInDocument: Math.round(anew.tokens / large),
  rounds,
  anew: { naive: ((naiveFirst.embed + naiveFirst.save) / small) * large, quern: anew.add },
  naive,
  quern,
}
console.log(renderClassic(await recorder.record(figures)))
