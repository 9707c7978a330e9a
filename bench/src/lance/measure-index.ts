import { formatCount, formatHead, formatRatio, formatSeconds } from '../report.ts'
import type { LanceMeasurement } from './lance-measurement.ts'
import { largest, printRow, raw, store, uriOf } from './lance-measurement.ts'

/** Below this, IVF_PQ has not enough rows to be trained on. */
const fewest = 256

/** Builds both kinds of index on a table of LanceDB's own, and returns the cells of how long that took. */
async function buildRaw(uri: string, chunks: number): Promise<string[]> {
  const isTried = chunks >= fewest && chunks <= largest
  // The one that the searches use is built last, since it stays.
  const slow = isTried ? (await raw('buildIndex', { uri, type: 'IVF_PQ' })).result.seconds : undefined
  const fast = (await raw('buildIndex', { uri, type: 'IVF_RQ' })).result.seconds
  if (slow === undefined) return ['left out: it takes too long', formatSeconds(fast)]
  return [formatSeconds(slow), `${formatSeconds(fast)} (${formatRatio(slow / fast)})`]
}

/** Builds vector indexes of each size, and prints how long that takes. */
export async function measureIndex(measurement: LanceMeasurement): Promise<void> {
  const header = ['building an index, chunks', 'IVF_PQ, default', 'IVF_RQ', 'maintain() of Quern, all indexes']
  console.log(formatHead(header))
  for (const chunks of measurement.sizes) {
    const cells = measurement.storeOnly ? ['–', '–'] : await buildRaw(uriOf(measurement, chunks, 'raw'), chunks)
    await printRow([formatCount(chunks), ...cells], header.length, async () => {
      const { result } = await store('maintain', { uri: uriOf(measurement, chunks, 'store') })
      return [formatSeconds(result.seconds)]
    })
  }
  console.log('')
}
