import { formatCount, formatHead, formatSeconds } from '../report.ts'
import type { LanceMeasurement } from './lance-measurement.ts'
import { printRow, store, uriOf } from './lance-measurement.ts'

/** Sources in a commit. */
const sourceBatch = 5000

/** Makes stores of as many sources of one chunk as there are chunks, and prints how long it takes to open one and list all states. */
export async function measureListing(measurement: LanceMeasurement): Promise<void> {
  const header = ['sources of one chunk', 'open', 'list their states']
  console.log(formatHead(header))
  for (const chunks of measurement.sizes) {
    await printRow([formatCount(chunks)], header.length, async () => {
      const uri = uriOf(measurement, chunks, 'sources')
      await store('ingest', { uri, chunks, batch: sourceBatch, perDocument: 1 })
      const { open, seconds, sources } = (await store('list', { uri })).result
      if (sources !== chunks) throw new Error(`${sources} of ${chunks} sources were listed`)
      return [formatSeconds(open), formatSeconds(seconds)]
    })
  }
  console.log('')
}
