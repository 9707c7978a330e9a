import { cp, rm } from 'node:fs/promises'
import { percentile } from '../measure.ts'
import { formatCount, formatHead, formatSeconds } from '../report.ts'
import type { LanceMeasurement } from './lance-measurement.ts'
import { largest, printRow, raw, uriOf } from './lance-measurement.ts'
import type { ReplacementWay } from './raw-tasks.ts'

const times = 40

/** The ways, each with what it is; the store takes the first. */
const ways: ReadonlyMap<ReplacementWay, string> = new Map([
  ['removed rows', 'one merge, old rows emptied'],
  ['merge, delete', 'merge, then delete by id'],
  ['delete by source', 'merge that deletes by source'],
])

/** Replaces sources of ten chunks, five of them new, in tables of each size in several ways, and prints how long that takes. */
export async function measureReplacement(measurement: LanceMeasurement): Promise<void> {
  const header = ['replacing a source of ten, chunks', ...ways.values()]
  console.log(formatHead(header))
  for (const chunks of measurement.sizes.filter((size) => size <= largest)) {
    await printRow([formatCount(chunks)], header.length, async () => {
      const cells: string[] = []
      for (const way of ways.keys()) {
        const uri = `${uriOf(measurement, chunks, 'raw')}-replace`
        await cp(uriOf(measurement, chunks, 'raw'), uri, { recursive: true })
        const { seconds, versions } = (await raw('replace', { uri, chunks, times, way })).result
        await rm(uri, { recursive: true })
        const commits = versions === 1 ? 'one version' : `${versions} versions`
        cells.push(
          `${formatSeconds(percentile(seconds, 0.5))}, p99 ${formatSeconds(percentile(seconds, 0.99))}, ${commits}`,
        )
      }
      return cells
    })
  }
  console.log('')
}
