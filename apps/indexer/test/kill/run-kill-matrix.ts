/**
 * Kills a process at every named point of every store and scenario, then at random: node test/kill/run-kill-matrix.ts [--random 200] [--seed n]
 * [--only-random]. Prints what it did, and the seed; ends with exit code 1 at the first store that is not what it must be.
 */
import { parseArgs } from 'node:util'
import { temporaryFolder } from '@quern/test-fixtures'
import type { PlannedKill } from './kill-matrix.ts'
import { doKills, prepareCells, randomKills, wholeMatrix } from './kill-matrix.ts'
import { seededRandom } from './seeded-random.ts'

const { values } = parseArgs({
  options: {
    random: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    'only-random': { type: 'boolean', default: false },
  },
})

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function kill(title: string, planned: readonly PlannedKill[]): Promise<void> {
  const startedAt = performance.now()
  let done = 0
  const killed = await doKills(planned, () => {
    if (++done % 50 === 0) say(`  ${done} of ${planned.length}`)
  })
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  say(`${title}: ${planned.length} stores, ${killed} processes killed, every store as it must be, in ${seconds} s`)
}

await using folder = await temporaryFolder()
const cells = await prepareCells(folder.path)
for (const { type, scenario, points } of cells) {
  const moments = [...points.values()].reduce((sum, count) => sum + count, 0)
  say(`${type}, ${scenario}: ${points.size} named points, passed ${moments} times`)
}
if (!values['only-random']) await kill('matrix', wholeMatrix(cells))
say(`seed ${values.seed}`)
await kill('at random', randomKills(cells, Number(values.random), seededRandom(Number(values.seed))))
