/**
 * Loading files: each format by itself, PDFs against pdftotext, and a mixed tree against LangChain's DirectoryLoader. Run:
 * pnpm --filter @quern/bench loading [--quick] [--files 2500] [--rounds 3] [--pdfs FOLDER] [--parts formats,pdfs,tree]
 */
import { mkdir, mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createTaskRunner } from './child-tasks.ts'
import { compareWays } from './compare-ways.ts'
import { addAwkwardFiles, awkwardFiles, buildTree } from './loading/build-tree.ts'
import type { loadingTasks } from './loading/loading-tasks.ts'
import { measureFormats } from './loading/measure-formats.ts'
import { measureRecall } from './loading/measure-recall.ts'
import { describeMachine } from './machine.ts'
import { formatCount, formatHead, formatMegabytes, formatRow, formatSeconds } from './report.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    files: { type: 'string' },
    rounds: { type: 'string' },
    pdfs: { type: 'string' },
    parts: { type: 'string', default: 'formats,pdfs,tree' },
  },
})
const parts = new Set(values.parts.split(','))
const files = Number(values.files ?? (values.quick ? 200 : 2500))
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3))
const installed = fileURLToPath(new URL('../../node_modules/.pnpm', import.meta.url))

console.log(`${await describeMachine(['@langchain/classic'])}\n`)
await using folder = await mkdtempDisposable(join(tmpdir(), 'quern-bench-'))
if (parts.has('formats')) await measureFormats(join(folder.path, 'formats'), rounds)
if (parts.has('pdfs')) await measureRecall(values.pdfs)

const headings = ['DirectoryLoader', 'Quern']
const run = createTaskRunner<typeof loadingTasks>(new URL('./loading/loading-tasks.ts', import.meta.url))

/** Compares both ways on a tree of so many files. */
async function compareLoaders(title: string, tree: string, count: number): Promise<void> {
  const figures = async (task: keyof typeof loadingTasks) => {
    const { result, peakBytes } = await run(task, { folder: tree })
    const { seconds, documents, refused, garbled } = result
    return { seconds, peakBytes, documents, refused, lost: count - documents - refused, garbled }
  }
  const rows = await compareWays(headings, {
    rounds,
    ways: new Map([
      ['DirectoryLoader', () => figures('loadWithLangChain')],
      ['Quern', () => figures('loadWithQuern')],
    ]),
    metrics: [
      { figure: 'seconds', label: 'time', format: formatSeconds },
      { figure: 'peakBytes', label: 'peak RSS', format: formatMegabytes },
      { figure: 'documents', isCount: true, label: 'files read', format: formatCount },
      { figure: 'refused', isCount: true, label: 'files refused with a reason', format: formatCount },
      { figure: 'lost', isCount: true, label: 'files missing in the result', format: formatCount },
      { figure: 'garbled', isCount: true, label: 'documents with U+FFFD for what the file says', format: formatCount },
    ],
  })
  console.log(`\n${title}\n\n${formatHead(['', ...headings])}`)
  for (const row of rows) console.log(formatRow(row))
}

if (parts.has('tree')) {
  const tree = join(folder.path, 'tree')
  await mkdir(tree)
  await buildTree(tree, installed, files)
  await compareLoaders(`A tree of ${formatCount(files)} files`, tree, files)
  await addAwkwardFiles(join(tree, 'awkward'))
  const count = files + awkwardFiles.length
  await compareLoaders(`The same with ${awkwardFiles.length} awkward files`, tree, count)
}
