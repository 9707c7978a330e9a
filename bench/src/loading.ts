/**
 * Loading files: each format by itself, and a mixed tree against LangChain's DirectoryLoader. Run:
 * pnpm --filter @quern/bench loading [--quick] [--files 2500] [--rounds 3]
 */
import { mkdir, mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createTaskRunner } from './child-tasks.ts'
import { compareWays } from './compare-ways.ts'
import { buildTree } from './loading/build-tree.ts'
import type { loadingTasks } from './loading/loading-tasks.ts'
import { measureFormats } from './loading/measure-formats.ts'
import { describeMachine } from './machine.ts'
import { formatCount, formatHead, formatMegabytes, formatRow, formatSeconds } from './report.ts'

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, files: { type: 'string' }, rounds: { type: 'string' } },
})
const files = Number(values.files ?? (values.quick ? 200 : 2500))
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3))
const installed = fileURLToPath(new URL('../../node_modules/.pnpm', import.meta.url))

console.log(`${await describeMachine(['@langchain/classic'])}\n`)
await using folder = await mkdtempDisposable(join(tmpdir(), 'quern-bench-'))
await measureFormats(join(folder.path, 'formats'), rounds)

const tree = join(folder.path, 'tree')
await mkdir(tree)
await buildTree(tree, installed, files)
const run = createTaskRunner<typeof loadingTasks>(new URL('./loading/loading-tasks.ts', import.meta.url))

async function figures(task: keyof typeof loadingTasks) {
  const { result, peakBytes } = await run(task, { folder: tree })
  return { seconds: result.seconds, peakBytes, lost: files - result.documents - result.refused }
}

const headings = ['DirectoryLoader', 'Quern']
const rows = await compareWays(headings, {
  rounds,
  ways: new Map([
    ['DirectoryLoader', () => figures('loadWithLangChain')],
    ['Quern', () => figures('loadWithQuern')],
  ]),
  metrics: [
    { figure: 'seconds', label: 'time', format: formatSeconds },
    { figure: 'peakBytes', label: 'peak RSS', format: formatMegabytes },
    { figure: 'lost', label: 'files lost without a word in the result', format: formatCount },
  ],
})
console.log(`\nA tree of ${formatCount(files)} files\n\n${formatHead(['', ...headings])}`)
for (const row of rows) console.log(formatRow(row))
