import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Way } from '../compare-ways.ts'
import { compareWays } from '../compare-ways.ts'
import { median } from '../measure.ts'
import { formatCount, formatHead, formatMegabytes, formatRatio, formatRow, formatSeconds } from '../report.ts'
import type { Work } from './json-work.ts'
import { changing, listing, loading, store, writing } from './json-work.ts'
import type { StoreFormat } from './store-tasks.ts'

const naiveHeading = 'one JSON file'

/** Up to this many chunks a store is one file, too, unless it is told otherwise. */
const singleFileChunks = 2000

/** The columns of the store for a size, and how it writes in each. */
function formatsFor(chunks: number): Map<string, StoreFormat> {
  const segments = new Map<string, StoreFormat>([
    ['Quern, decimal', { layout: 'segments', encoding: 'decimal', compression: 'none' }],
    ['Quern, base64', { layout: 'segments', encoding: 'base64', compression: 'none' }],
    ['Quern, decimal, zstd', { layout: 'segments', encoding: 'decimal', compression: 'zstd' }],
  ])
  return chunks > singleFileChunks ? segments : new Map([['Quern, one file', { layout: 'single' }], ...segments])
}

/** What is measured, and where the files go. */
export interface ComparisonOptions {
  readonly folder: string
  readonly chunks: number
  readonly rounds: number
  readonly queries: number
}

interface Table extends ComparisonOptions {
  readonly formats: ReadonlyMap<string, StoreFormat>
}

async function printWork(work: Work, { folder, rounds, formats }: Table, withNaive: boolean): Promise<void> {
  const ways = new Map<string, Way>()
  if (withNaive) ways.set(naiveHeading, work.naive(join(folder, 'naive.json')))
  for (const [heading, format] of formats) ways.set(heading, work.store(join(folder, heading), format))
  const headings = [naiveHeading, ...formats.keys()]
  for (const row of await compareWays(headings, { ways, metrics: work.metrics, rounds })) console.log(formatRow(row))
}

/** A search in a process of its own, the naive loop and the store in turn; the cells of the naive loop and of the store. */
async function searchCells(
  task: 'search' | 'words',
  path: string,
  { chunks, queries }: ComparisonOptions,
): Promise<{ readonly naive: string; readonly cell: string; readonly note: string }> {
  try {
    const { result } = await store(task, { path, chunks, queries })
    const ofNaive = median(result.naive)
    const ofStore = median(result.store)
    const note =
      'agreement' in result ? `${(result.agreement * 100).toFixed(1)} % the same` : formatSeconds(result.first)
    return {
      naive: formatSeconds(ofNaive),
      cell: `${formatSeconds(ofStore)} (${formatRatio(ofNaive / ofStore)})`,
      note,
    }
  } catch (error) {
    return { naive: '–', cell: error instanceof Error ? error.message : String(error), note: '–' }
  }
}

/** The memory that a process takes which makes the same data and writes nothing. */
async function printMaking({ chunks, formats }: Table): Promise<void> {
  const { peakBytes } = await store('make', { chunks })
  const cells = Array.from(formats.keys(), (_, column) => (column === 0 ? formatMegabytes(peakBytes) : '–'))
  console.log(formatRow(['peak memory of making the same data, nothing written', '–', ...cells]))
}

async function printSearch(task: 'search' | 'words', table: Table): Promise<void> {
  const found = []
  for (const heading of table.formats.keys()) found.push(await searchCells(task, join(table.folder, heading), table))
  const baseline = found.find(({ naive }) => naive !== '–')?.naive ?? '–'
  const [label, noteLabel] =
    task === 'search' ? ['exact search, median', 'its ten hits'] : ['keyword search, median', 'its first answer']
  console.log(formatRow([label, baseline, ...found.map(({ cell }) => cell)]))
  console.log(formatRow([noteLabel, '–', ...found.map(({ note }) => note)]))
}

/** Measures a corpus of one size in an empty folder and prints a table, row by row. */
export async function compareWithNaive(options: ComparisonOptions): Promise<void> {
  const { folder, chunks } = options
  const table: Table = { ...options, formats: formatsFor(chunks) }
  console.log(formatHead([`${formatCount(chunks)} chunks`, naiveHeading, ...table.formats.keys()]))
  await printWork(writing(chunks), table, true)
  await printMaking(table)
  // Where the naive file could not be written, nothing can be read from it.
  const withNaive = existsSync(join(folder, 'naive.json'))
  await printWork(loading(chunks, false), table, withNaive)
  await printWork(loading(chunks, true), table, withNaive)
  await printWork(listing, table, withNaive)
  await printSearch('search', table)
  await printSearch('words', table)
  // Last, since it changes what is stored.
  await printWork(changing(chunks), table, withNaive)
  console.log('')
}
