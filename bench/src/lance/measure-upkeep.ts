import { join } from 'node:path'
import { percentile } from '../measure.ts'
import { formatCount, formatHead, formatMegabytes, formatRatio, formatSeconds } from '../report.ts'
import type { LanceMeasurement } from './lance-measurement.ts'
import { printRow, store } from './lance-measurement.ts'

interface Size {
  readonly bytes: number
  readonly files: number
  readonly fragments: number
}

function cells({ bytes, files, fragments }: Size, fresh: Size): string[] {
  const ratio = bytes === fresh.bytes ? '' : ` (${formatRatio(bytes / fresh.bytes)})`
  return [`${formatMegabytes(bytes)}${ratio}`, formatCount(files), formatCount(fragments)]
}

/** What many small runs leave on the disk, against a store that was made in one go. */
export async function measureUpkeep({ folder }: LanceMeasurement, runs: number): Promise<void> {
  const chunks = 5000
  const header = [`${formatCount(runs)} runs that each commit ten chunks`, 'size', 'files', 'most fragments', 'a run']
  console.log(formatHead(header))
  const uri = join(folder, 'small-runs')
  let fresh: Size | undefined
  await printRow(['a store with the same content, made in one go'], header.length, async () => {
    fresh = (await store('freshAfterRuns', { uri: join(folder, 'fresh'), chunks, runs })).result
    return cells(fresh, fresh)
  })
  if (fresh === undefined) return
  const reference = fresh
  await store('ingest', { uri, chunks, batch: 1000 })
  await printRow(['after the runs'], header.length, async () => {
    const { seconds, ...size } = (await store('smallRuns', { uri, chunks, runs })).result
    const [first, last] = [seconds.slice(0, 20), seconds.slice(-20)].map((part) => formatSeconds(percentile(part, 0.5)))
    return [...cells(size, reference), `${first} at first, ${last} at last`]
  })
  await printRow(['after maintain()'], header.length, async () =>
    cells((await store('sizeMaintained', { uri })).result, reference),
  )
  console.log('')
}
