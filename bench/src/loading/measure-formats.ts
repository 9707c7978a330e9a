import { copyFile, mkdir, readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { corpusFolder, officeFolder } from '@quern/test-fixtures'
import { createTaskRunner } from '../child-tasks.ts'
import { median } from '../measure.ts'
import { formatCount, formatHead, formatMegabytes, formatNumber, formatRow } from '../report.ts'
import type { loadingTasks } from './loading-tasks.ts'

const run = createTaskRunner<typeof loadingTasks>(new URL('./loading-tasks.ts', import.meta.url))

/** So many copies of the fixtures of a format are read, so that its start costs little. */
const copies = 50

async function fixturesByEnding(): Promise<Map<string, string[]>> {
  const files: string[] = []
  for (const folder of [corpusFolder, officeFolder]) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    for (const entry of entries) if (entry.isFile()) files.push(join(entry.parentPath, entry.name))
  }
  return Map.groupBy(files, (file) => extname(file))
}

/** Prints how fast the fixtures of each format are read. */
export async function measureFormats(folder: string, rounds: number): Promise<void> {
  console.log(`${copies} copies of each fixture, read one after the other\n`)
  console.log(formatHead(['format', 'files', 'bytes', 'files/s', 'pages/s', 'MB/s', 'peak RSS']))
  for (const [ending, files] of await fixturesByEnding()) {
    const target = join(folder, ending.slice(1))
    await mkdir(target, { recursive: true })
    let bytes = 0
    for (const [index, file] of files.entries()) {
      bytes += (await stat(file)).size * copies
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
