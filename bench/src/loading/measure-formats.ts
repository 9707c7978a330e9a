import { copyFile, mkdir, readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { corpusFolder, formatsFolder, officeFolder } from '@quern/test-fixtures'
import { createTaskRunner } from '../child-tasks.ts'
import { median } from '../measure.ts'
import { formatCount, formatHead, formatMegabytes, formatNumber, formatRow } from '../report.ts'
import type { loadingTasks } from './loading-tasks.ts'

const run = createTaskRunner<typeof loadingTasks>(new URL('./loading-tasks.ts', import.meta.url))

/** So many bytes of a format are read, as copies of its fixtures, so that its start costs little. */
const bytesRead = 3e6
const mostCopies = 200

async function fixturesByEnding(): Promise<Map<string, string[]>> {
  const files: string[] = []
  for (const folder of [corpusFolder, officeFolder, formatsFolder]) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    for (const entry of entries) if (entry.isFile()) files.push(join(entry.parentPath, entry.name))
  }
  return Map.groupBy(files.toSorted(), (file) => extname(file))
}

/** Prints how fast the fixtures of each format are read. */
export async function measureFormats(folder: string, rounds: number): Promise<void> {
  console.log('Copies of the fixtures of each format, listed and read one after the other\n')
  console.log(formatHead(['format', 'files', 'bytes', 'files/s', 'pages/s', 'MB/s', 'peak RSS']))
  for (const [ending, files] of await fixturesByEnding()) {
    const target = join(folder, ending.slice(1))
    await mkdir(target, { recursive: true })
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
    const size = sizes.reduce((sum, one) => sum + one, 0)
    const copies = Math.min(mostCopies, Math.ceil(bytesRead / size))
    const bytes = size * copies
    for (const [index, file] of files.entries()) {
      for (let copy = 0; copy < copies; copy++) await copyFile(file, join(target, `${index}-${copy}${ending}`))
    }
    const outcomes = []
    for (let round = 0; round < rounds; round++) outcomes.push(await run('loadWithQuern', { folder: target }))
    const seconds = median(outcomes.map(({ result }) => result.seconds))
    const pages = outcomes[0]?.result.pages ?? 0
    const peak = median(outcomes.map(({ peakBytes }) => peakBytes))
    console.log(
      formatRow([
        ending,
        formatCount(files.length * copies),
        formatMegabytes(bytes),
        formatNumber((files.length * copies) / seconds),
        pages === 0 ? '–' : formatNumber(pages / seconds),
        formatNumber(bytes / 1e6 / seconds),
        formatMegabytes(peak),
      ]),
    )
  }
}
