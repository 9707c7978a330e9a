import { formatCount, formatHead, formatSeconds } from '../report.ts'
import type { LanceMeasurement } from './lance-measurement.ts'
import { printRow, store, uriOf } from './lance-measurement.ts'

/** Sources in a commit. */
const sourceBatch = 5000

/** Makes stores of as many sources as there are chunks, of one small chunk each, since a listing reads neither texts nor vectors, and prints how long it takes to open one and list all states. */
export async function measureListing(measurement: LanceMeasurement): Promise<void> {
  const header = ['sources of one chunk', 'open', 'list their states', 'processor time, all threads']
  console.log(formatHead(header))
  for (const chunks of measurement.sizes) {
    await printRow([formatCount(chunks)], header.length, async () => {
      const uri = uriOf(measurement, chunks, 'sources')
      await store('ingestSources', { uri, sources: chunks, batch: sourceBatch })
      const { open, seconds, processorSeconds, sources } = (await store('list', { uri })).result
      if (sources !== chunks) throw new Error(`${sources} of ${chunks} sources were listed`)
      return [formatSeconds(open), formatSeconds(seconds), formatSeconds(processorSeconds)]
    })
  }
  console.log('')
}
