import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createTaskRunner } from '../child-tasks.ts'
import type { Figures, Metric, Way } from '../compare-ways.ts'
import { compareWays } from '../compare-ways.ts'
import { median } from '../measure.ts'
import { formatCount, formatHead, formatMegabytes, formatRow, formatSeconds } from '../report.ts'
import type { ComparisonOptions } from './compare-with-naive.ts'
import type { PeerTasks } from './peer-tasks.ts'
import type { VectraTasks } from './vectra-tasks.ts'

const vectra = createTaskRunner<VectraTasks>(new URL('./vectra-tasks.ts', import.meta.url))
const quern = createTaskRunner<PeerTasks>(new URL('./peer-tasks.ts', import.meta.url))
const headings = ['vectra', 'Quern']

interface Row {
  readonly metrics: readonly Metric[]
  readonly vectra: Way
  readonly quern: Way
}

const metric = (label: string): Metric => ({ figure: 'seconds', label, format: formatSeconds })

function changes(paths: { vectra: string; quern: string }, chunks: number): Row[] {
  const [theirs, ours] = [
    { path: paths.vectra, chunks },
    { path: paths.quern, chunks },
  ]
  return [
    {
      metrics: [metric('upsert of 10 at once')],
      vectra: async () => (await vectra('upsertTogether', theirs)).result,
      quern: async (round) => (await quern('upsertTogether', { ...ours, round })).result,
    },
    {
      metrics: [metric('upsert of 10, one by one')],
      vectra: async () => (await vectra('upsertOneByOne', theirs)).result,
      quern: async (round) => (await quern('upsertOneByOne', { ...ours, round })).result,
    },
  ]
}

function insertion(paths: { vectra: string; quern: string }, chunks: number): Row {
  const run = (runner: typeof vectra | typeof quern, path: string): Way => {
    return async (): Promise<Figures> => {
      await rm(path, { recursive: true, force: true })
      const { result, peakBytes } = await runner('insert', { path, chunks })
      return { ...result, peakBytes }
    }
  }
  return {
    metrics: [
      metric('insert all'),
      { figure: 'peakBytes', label: 'peak memory while inserting', format: formatMegabytes },
      { figure: 'bytes', label: 'size', format: formatMegabytes },
    ],
    vectra: run(vectra, paths.vectra),
    quern: run(quern, paths.quern),
  }
}

/** Gives vectra and the JSON store the same work and prints a table, row by row. */
export async function compareWithVectra({ folder, chunks, rounds, queries }: ComparisonOptions): Promise<void> {
  const paths = { vectra: join(folder, 'vectra'), quern: join(folder, 'quern') }
  const rows: Row[] = [
    insertion(paths, chunks),
    {
      metrics: [metric('open and list')],
      vectra: async () => (await vectra('list', { path: paths.vectra })).result,
      quern: async () => (await quern('list', { path: paths.quern })).result,
    },
    {
      metrics: [metric('query, median')],
      vectra: async () => ({
        seconds: median((await vectra('query', { path: paths.vectra, chunks, queries })).result.seconds),
      }),
      quern: async () => ({
        seconds: median((await quern('query', { path: paths.quern, chunks, queries })).result.seconds),
      }),
    },
    ...changes(paths, chunks),
  ]
  console.log(formatHead([`${formatCount(chunks)} chunks`, ...headings]))
  for (const { metrics, vectra: theirs, quern: ours } of rows) {
    const ways = new Map([
      ['vectra', theirs],
      ['Quern', ours],
    ])
    for (const row of await compareWays(headings, { ways, metrics, rounds })) console.log(formatRow(row))
  }
  console.log('')
}
