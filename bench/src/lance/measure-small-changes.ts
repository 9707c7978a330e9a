import { percentile } from '../measure.ts'
import { formatCount, formatHead, formatRatio, formatSeconds } from '../report.ts'
import type { LanceMeasurement } from './lance-measurement.ts'
import { printRow, raw, store, uriOf } from './lance-measurement.ts'

const times = 50

/** Sources in a commit. */
const sourceBatch = 5000

function cell(seconds: readonly number[], smaller: number | undefined): string {
  const middle = percentile(seconds, 0.5)
  const growth = smaller === undefined ? '' : `, ${formatRatio(middle / smaller)} of the line above`
  return `${formatSeconds(middle)}, p99 ${formatSeconds(percentile(seconds, 0.99))}${growth}`
}

/** Upserts of ten chunks, five of them new, into tables of each size, and the listing of as many sources of one chunk. */
export async function measureSmallChanges(measurement: LanceMeasurement): Promise<void> {
  const header = [
    'upsert of ten, chunks',
    'mergeInsert',
    'commit of Quern',
    'as many sources of one chunk: open',
    'and list their states',
  ]
  console.log(formatHead(header))
  let before: { readonly raw?: number; readonly store?: number } | undefined
  for (const chunks of measurement.sizes) {
    const current: { raw?: number; store?: number } = {}
    let theirCell = '–'
    if (!measurement.storeOnly) {
      const theirs = (await raw('upsert', { uri: uriOf(measurement, chunks, 'raw'), chunks, times })).result.seconds
      current.raw = percentile(theirs, 0.5)
      theirCell = cell(theirs, before?.raw)
    }
    await printRow([formatCount(chunks), theirCell], header.length, async () => {
      const ours = (await store('upsert', { uri: uriOf(measurement, chunks, 'store'), chunks, times })).result.seconds
      current.store = percentile(ours, 0.5)
      const uri = uriOf(measurement, chunks, 'sources')
      await store('ingest', { uri, chunks, batch: sourceBatch, perDocument: 1 })
      const { open, seconds, sources } = (await store('list', { uri })).result
      if (sources !== chunks) throw new Error(`${sources} of ${chunks} sources were listed`)
      return [cell(ours, before?.store), formatSeconds(open), formatSeconds(seconds)]
    })
    before = current
  }
  console.log('')
}
