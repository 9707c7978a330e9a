import { join } from 'node:path'
import { median } from '../measure.ts'
import { formatCount, formatHead, formatRatio, formatRow, formatSeconds } from '../report.ts'
import type { LanceMeasurement } from './lance-measurement.ts'
import { largest, raw } from './lance-measurement.ts'
import type { Loading } from './load-batches.ts'

function sum(turns: readonly Loading[], member: 'seconds' | 'processorSeconds'): number {
  return turns.reduce((total, turn) => total + turn[member], 0)
}

/**
 * Loads with LanceDB itself and with the store in turn, within one process, so that a load of the machine that comes and goes meets all alike.
 * Sizes below the largest are loaded `rounds` times, each time into new tables. The ratio is the median of those of the turns.
 */
export async function measureTurns({ folder, sizes, batch, rounds }: LanceMeasurement): Promise<void> {
  console.log(formatHead(['loading in turn', 'chunks', 'chunks/s', 'of Arrow tables', 'processor time for 1,000']))
  for (const chunks of sizes.filter((size) => size <= largest)) {
    const times = chunks < largest ? rounds : 1
    const { result } = await raw('loadInTurn', { uri: join(folder, `turns-${chunks}`), chunks, batch, times })
    const [tables = []] = result.values()
    for (const [name, turns] of result) {
      const ratio = median(turns.map(({ seconds }, i) => (tables[i]?.seconds ?? Number.NaN) / seconds))
      const rate = formatCount((times * chunks) / sum(turns, 'seconds'))
      const processor = formatSeconds((1000 * sum(turns, 'processorSeconds')) / (times * chunks))
      console.log(formatRow([name, formatCount(chunks), rate, formatRatio(ratio), processor]))
    }
  }
  console.log('')
}
