/**
 * Planning a corpus in which nothing changed, against the bare walk over the same folders that looks at each file. Run:
 * pnpm --filter @quern/bench planning [--files 100000] [--rounds 3] [--most 2]
 * With `--most` it ends with exit code 1 when planning with the store in memory takes more than so many times as long as the walk.
 */
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeMachine } from './machine.ts'
import { median, repeatInTurn } from './measure.ts'
import { createTaskRunner } from './child-tasks.ts'
import { buildPlainTree } from './planning/plain-tree.ts'
import type { planningTasks } from './planning/planning-tasks.ts'
import { formatCount, formatHead, formatMegabytes, formatRatio, formatRow, formatSeconds } from './report.ts'

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    most: { type: 'string' },
  },
})
const files = Number(values.files)

console.log(`${await describeMachine(['@lancedb/lancedb'])}\n`)
await using folder = await mkdtempDisposable(join(tmpdir(), 'quern-bench-'))
const tree = join(folder.path, 'docs')
await buildPlainTree(tree, files)
const run = createTaskRunner<typeof planningTasks>(new URL('./planning/planning-tasks.ts', import.meta.url))
for (const type of ['json', 'lancedb'] as const) await run('fillStore', { tree, type, path: join(folder.path, type) })

const planWith = (type: 'memory' | 'json' | 'lancedb') => async () => {
  const { result, peakBytes } = await run('planUnchanged', { tree, type, path: join(folder.path, type) })
  if (result.unchanged !== files) throw new Error(`${result.unchanged} of ${files} files are unchanged`)
  return { ...result, peakBytes }
}
const walk = async () => {
  const { result, peakBytes } = await run('walkBare', { tree })
  return { ...result, peakBytes }
}
const list = async () => {
  const { result, peakBytes } = await run('listAlone', { tree })
  return { ...result, peakBytes }
}
const results = await repeatInTurn(
  new Map([
    ['bare walk with stat', walk],
    ['list the sources alone', list],
    ['plan, store in memory', planWith('memory')],
    ['plan, JSON store', planWith('json')],
    ['plan, LanceDB store', planWith('lancedb')],
  ]),
  Number(values.rounds),
)
const middle = (name: string, figure: 'seconds' | 'cpuSeconds' | 'peakBytes'): number =>
  median((results.get(name) ?? []).map((result) => result[figure]))
const bare = middle('bare walk with stat', 'seconds')
const bareCpu = middle('bare walk with stat', 'cpuSeconds')
console.log(
  `${formatCount(files)} files, nothing changed; median of ${values.rounds} rounds, in turn, each in a process of its own\n`,
)
console.log(formatHead(['', 'time', 'against the walk', 'processor time', 'against the walk', 'peak RSS']))
for (const name of results.keys()) {
  const peak = middle(name, 'peakBytes')
  const seconds = middle(name, 'seconds')
  const cpuSeconds = middle(name, 'cpuSeconds')
  const times = [
    formatSeconds(seconds),
    formatRatio(seconds / bare),
    formatSeconds(cpuSeconds),
    formatRatio(cpuSeconds / bareCpu),
  ]
  console.log(formatRow([name, ...times, formatMegabytes(peak)]))
}
const ratio = middle('plan, store in memory', 'seconds') / bare
if (values.most !== undefined && ratio > Number(values.most)) {
  console.log(`\nplanning takes ${formatRatio(ratio)} of the walk; at most ${values.most} is allowed`)
  process.exitCode = 1
}
