import { rm } from 'node:fs/promises'
import { median, percentile, repeatInTurn } from '../measure.ts'
import { capture, reasonOf, valuesOf } from '../outcome.ts'
import { formatCount, formatHead, formatMegabytes, formatRatio, formatRow, formatSeconds } from '../report.ts'
import type { LanceMeasurement } from './lance-measurement.ts'
import { largest, raw, store, uriOf } from './lance-measurement.ts'
import type { Loading } from './load-batches.ts'
import type { RawInput } from './raw-tasks.ts'

interface Ingest extends Loading {
  /** Seconds that the closing took. */
  readonly close?: number
  readonly peakBytes: number
}

const objects = 'table.add, arrays of objects'
const arrowTables = 'table.add, Arrow tables'
const madeInCall = 'table.add, Arrow tables made in the call'

type Way = (chunks: number) => Promise<Ingest>

/** The ways of loading, the one that the others are compared with first. Each leaves its tables for the later measurements. */
function waysOf(measurement: LanceMeasurement): Map<string, Way> {
  const { batch } = measurement
  const add = (input: RawInput): Way => {
    return async (chunks) => {
      const uri = uriOf(measurement, chunks, 'raw')
      await rm(uri, { recursive: true, force: true })
      const { result, peakBytes } = await raw('ingest', { uri, chunks, batch, input })
      return { ...result, peakBytes }
    }
  }
  const commit = (inFlight: number): Way => {
    return async (chunks) => {
      const uri = uriOf(measurement, chunks, 'store')
      await rm(uri, { recursive: true, force: true })
      const { result, peakBytes } = await store('ingest', { uri, chunks, batch, inFlight })
      return { ...result, peakBytes }
    }
  }
  return new Map([
    [objects, add('objects')],
    [madeInCall, add('arrow made in the call')],
    [arrowTables, add('arrow')],
    ['Quern, one commit after another', commit(1)],
    ['Quern, two commits under way', commit(2)],
  ])
}

function perSecond(chunks: number, runs: readonly Ingest[]): number {
  return chunks / median(runs.map(({ seconds }) => seconds))
}

interface Rates {
  readonly arrowTables: number
  readonly objects: number
}

function blockCell(seconds: readonly number[]): string {
  return `${formatSeconds(median(seconds))}, p99 ${formatSeconds(percentile(seconds, 0.99))}`
}

function cellsOf(chunks: number, runs: readonly Ingest[], { arrowTables: tables, objects: arrays }: Rates): string[] {
  const rate = perSecond(chunks, runs)
  const blocks = runs.flatMap((run) => run.blocks)
  const closings = runs.flatMap(({ close }) => close ?? [])
  return [
    formatCount(rate),
    formatRatio(rate / tables),
    formatRatio(rate / arrays),
    formatSeconds((1000 * median(runs.map(({ processorSeconds }) => processorSeconds))) / chunks),
    blockCell(blocks.map(({ seconds }) => seconds)),
    blockCell(blocks.map(({ processorSeconds }) => processorSeconds)),
    formatMegabytes(Math.max(...runs.map(({ peakBytes }) => peakBytes))),
    closings.length === 0 ? '–' : formatSeconds(median(closings)),
  ]
}

const measured = [
  'chunks/s',
  'of Arrow tables',
  'of objects',
  'processor time for 1,000',
  'event loop blocked',
  'by processor time',
  'peak memory',
  'close',
]

/** Loads corpora of each size in several ways, and prints how fast that is, how long the event loop stood still, and the memory it takes. */
export async function measureIngest(measurement: LanceMeasurement): Promise<void> {
  console.log(formatHead(['loading', 'chunks', ...measured]))
  for (const chunks of measurement.sizes) {
    const ways = waysOf(measurement)
    if (chunks > largest) ways.delete(objects)
    if (measurement.storeOnly) for (const way of [objects, madeInCall, arrowTables]) ways.delete(way)
    const captured = new Map([...ways].map(([name, way]) => [name, capture(() => way(chunks))]))
    const outcomes = await repeatInTurn(captured, chunks > largest ? 1 : measurement.rounds)
    const rateOf = (name: string): number => perSecond(chunks, valuesOf(outcomes.get(name)))
    const rates = { arrowTables: rateOf(arrowTables), objects: rateOf(objects) }
    for (const [name, list] of outcomes) {
      const runs = valuesOf(list)
      const cells = runs.length > 0 ? cellsOf(chunks, runs, rates) : [reasonOf(list)]
      const missing = Array.from({ length: measured.length - cells.length }, () => '–')
      console.log(formatRow([name, formatCount(chunks), ...cells, ...missing]))
    }
  }
  const batch = formatCount(measurement.batch)
  console.log(
    `\nBlocked: the longest stretch in each call of ${batch} chunks; median and p99 of the calls. By processor time: without what other processes took.\n`,
  )
}
