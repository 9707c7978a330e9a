import { formatCount, formatHead, formatRatio, formatSeconds } from '../report.ts'
import type { LanceMeasurement } from './lance-measurement.ts'
import { largest, printRow, raw, store, uriOf } from './lance-measurement.ts'

/** Below this, IVF_PQ has not enough rows to be trained on. */
const fewest = 256

/** Builds vector indexes of each size, and prints how long that takes. */
export async function measureIndex(measurement: LanceMeasurement): Promise<void> {
  const header = ['building an index, chunks', 'IVF_PQ, default', 'IVF_RQ', 'maintain() of Quern, all indexes']
  console.log(formatHead(header))
  for (const chunks of measurement.sizes) {
    const uri = uriOf(measurement, chunks, 'raw')
    let slow: number | undefined
    const cells: string[] = []
    // The one that the searches use is built last, since it stays.
    if (chunks >= fewest && chunks <= largest) slow = (await raw('buildIndex', { uri, type: 'IVF_PQ' })).result.seconds
    cells.push(slow === undefined ? 'left out: it takes too long' : formatSeconds(slow))
    const fast = (await raw('buildIndex', { uri, type: 'IVF_RQ' })).result.seconds
    cells.push(slow === undefined ? formatSeconds(fast) : `${formatSeconds(fast)} (${formatRatio(slow / fast)})`)
    await printRow([formatCount(chunks), ...cells], header.length, async () => {
      const { result } = await store('maintain', { uri: uriOf(measurement, chunks, 'store') })
      return [formatSeconds(result.seconds)]
    })
  }
  console.log('')
}
