import { median } from '../measure.ts'
import { formatCount, formatHead, formatRatio, formatSeconds } from '../report.ts'
import type { LanceMeasurement } from './lance-measurement.ts'
import { printRow, raw, store, uriOf } from './lance-measurement.ts'

function cell(indexed: readonly number[], flat: readonly number[], recall: number): string {
  const ratio = formatRatio(median(flat) / median(indexed))
  return `${formatSeconds(median(indexed))} (${ratio}), recall ${recall.toFixed(3)}`
}

/** Searches a table of LanceDB's own, and returns the cells of how long that took. */
async function searchRaw(uri: string, chunks: number, queries: number): Promise<string[]> {
  const { result } = await raw('search', { uri, chunks, queries })
  return [formatSeconds(median(result.flat)), cell(result.indexed, result.flat, result.recall)]
}

/** Searches with and without an index in turn, and prints how long that takes and what share of the ten best is found. */
export async function measureSearch(measurement: LanceMeasurement): Promise<void> {
  const { queries } = measurement
  const header = [
    'search for ten, chunks',
    'flat scan',
    'IVF_RQ, refined',
    'flat scan in its turn',
    'Quern, whole hits',
  ]
  console.log(formatHead(header))
  for (const chunks of measurement.sizes) {
    const cells = measurement.storeOnly
      ? ['–', '–']
      : await searchRaw(uriOf(measurement, chunks, 'raw'), chunks, queries)
    await printRow([formatCount(chunks), ...cells], header.length, async () => {
      const ours = (await store('search', { uri: uriOf(measurement, chunks, 'store'), chunks, queries })).result
      return [formatSeconds(median(ours.flat)), cell(ours.store, ours.flat, ours.recall)]
    })
  }
  console.log('')
}
