/**
 * Memory of a run, from small to large: how much more a process takes for a hundred times as many chunks, and for one huge source. Run:
 * pnpm --filter @quern/bench memory [--small 1000] [--large 100000] [--most 64] [--parts growth,records,pdf] [--megabytes 1000] [--pages 5000]
 * In a heap of at most 96 MB, the JSON store apart, and for records a tenth of their file more. It ends with exit code 1 when the pipeline grows by more than `--most` MiB with the store that keeps nothing.
 */
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createTaskRunner } from './child-tasks.ts'
import { describeMachine } from './machine.ts'
import type { memoryTasks } from './memory/memory-tasks.ts'
import { writeLongPdf } from './memory/write-long-pdf.ts'
import { writeRecords } from './memory/write-records.ts'
import { formatCount, formatHead, formatMegabytes, formatRow, formatSeconds } from './report.ts'

const { values } = parseArgs({
  options: {
    small: { type: 'string', default: '1000' },
    large: { type: 'string', default: '100000' },
    most: { type: 'string', default: '64' },
    parts: { type: 'string', default: 'growth,records,pdf' },
    megabytes: { type: 'string', default: '1000' },
    pages: { type: 'string', default: '5000' },
  },
})
const parts = new Set(values.parts.split(','))
const mostBytes = Number(values.most) * 2 ** 20

console.log(`${await describeMachine(['@lancedb/lancedb'])}\n`)
await using folder = await mkdtempDisposable(join(tmpdir(), 'quern-bench-'))
/**
 * With much memory at hand V8 collects late, and RSS tells how late. In a small heap it tells what is needed: a run that holds on to more than fits
 * ends with an error.
 */
const smallHeap = 96
const tasks = new URL('./memory/memory-tasks.ts', import.meta.url)
const runInHeapOf = (megabytes: number) =>
  createTaskRunner<typeof memoryTasks>(tasks, [`--max-old-space-size=${megabytes}`, '--max-semi-space-size=4'])
const runInSmallHeap = runInHeapOf(smallHeap)
const run = createTaskRunner<typeof memoryTasks>(tasks)

async function measureGrowth(): Promise<void> {
  const sizes = [Number(values.small), Number(values.large)] as const
  console.log(formatHead(['store', 'chunks', 'peak RSS', 'growth', 'time of the larger']))
  for (const type of ['none', 'lancedb', 'json'] as const) {
    const peaks: number[] = []
    const counts: number[] = []
    let seconds = 0
    for (const chunks of sizes) {
      // The JSON store, for small corpora, keeps its catalogue of chunks in memory.
      const runHere = type === 'json' ? run : runInSmallHeap
      const { result, peakBytes } = await runHere('indexGenerated', {
        type,
        chunks,
        path: join(folder.path, `${type}-${chunks}`),
      })
      counts.push(result.chunks)
      peaks.push(peakBytes)
      seconds = result.seconds
    }
    const growth = (peaks[1] ?? 0) - (peaks[0] ?? 0)
    const name = { none: 'a store that keeps nothing', lancedb: 'LanceDB store', json: 'JSON store' }[type]
    console.log(
      formatRow([
        name,
        counts.map(formatCount).join(' → '),
        peaks.map(formatMegabytes).join(' → '),
        formatMegabytes(growth),
        formatSeconds(seconds),
      ]),
    )
    // LanceDB builds its indexes in memory of its own.
    if (type === 'none' && growth > mostBytes) {
      console.log(`\ngrows by ${formatMegabytes(growth)}; at most ${formatMegabytes(mostBytes)} is allowed`)
      process.exitCode = 1
    }
  }
  console.log('')
}

async function measureHuge(title: string, path: string, heap = smallHeap): Promise<void> {
  const { result, peakBytes } = await runInHeapOf(heap)('indexFile', { path })
  const { sources, chunks, failed, seconds } = result
  const cells = [formatCount(sources), formatCount(chunks), formatCount(failed), formatSeconds(seconds)]
  console.log(formatRow([title, ...cells, formatMegabytes(peakBytes)]))
}

if (parts.has('growth')) await measureGrowth()
if (parts.has('records') || parts.has('pdf')) {
  console.log(formatHead(['one file', 'sources', 'chunks', 'failed', 'time', 'peak RSS']))
}
if (parts.has('records')) {
  for (const megabytes of [Number(values.megabytes) / 100, Number(values.megabytes)]) {
    const path = join(folder.path, `records-${megabytes}`, 'records.jsonl')
    await writeRecords(path, megabytes * 1e6)
    // The list of the records, each a source, is held: some 300 bytes for the 3.6 kB of each.
    await measureHuge(`JSON Lines of ${formatCount(megabytes)} MB`, path, smallHeap + Math.ceil(megabytes / 10))
  }
}
if (parts.has('pdf')) {
  const pages = Number(values.pages)
  const path = join(folder.path, 'pdf', 'long.pdf')
  await writeLongPdf(path, pages)
  await measureHuge(`PDF of ${formatCount(pages)} pages`, path)
}
