import { percentile } from '../measure.ts'
import { formatCount, formatHead, formatRatio, formatSeconds } from '../report.ts'
import type { LanceMeasurement } from './lance-measurement.ts'
import { printRow, raw, store, uriOf } from './lance-measurement.ts'

const times = 50

function cell(seconds: readonly number[], smaller: number | undefined): string {
  const middle = percentile(seconds, 0.5)
  const growth = smaller === undefined ? '' : `, ${formatRatio(middle / smaller)} of the line above`
  return `${formatSeconds(middle)}, p99 ${formatSeconds(percentile(seconds, 0.99))}${growth}`
}

/** Upserts of ten chunks, five of them new, into tables of each size. */
export async function measureSmallChanges(measurement: LanceMeasurement): Promise<void> {
  const header = ['upsert of ten, chunks', 'mergeInsert', 'commit of Quern']
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
      return [cell(ours, before?.store)]
    })
    before = current
  }
  console.log('')
}
