/**
 * The JSON store against the way of tutorials (one JSON file, parsed whole, a loop over arrays of numbers), and against vectra. Run:
 * pnpm --filter @quern/bench json-store [--quick] [--sizes 1000,10000,40000,100000] [--rounds 3] [--queries 50] [--peer 10000] [--no-limit]
 */
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compareWithNaive } from './json/compare-with-naive.ts'
import { compareWithVectra } from './json/compare-with-vectra.ts'
import { findNaiveLimit } from './json/find-naive-limit.ts'
import { describeMachine } from './machine.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    rounds: { type: 'string' },
    queries: { type: 'string' },
    peer: { type: 'string' },
    'no-limit': { type: 'boolean', default: false },
  },
})
const sizes = (values.sizes ?? (values.quick ? '1000' : '1000,10000,40000,100000')).split(',').map(Number)
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3))
const queries = Number(values.queries ?? (values.quick ? 5 : 50))
const peerSize = Number(values.peer ?? (values.quick ? 1000 : 10_000))

console.log(await describeMachine(['vectra']))
console.log(`384 dimensions; median of ${rounds} rounds, in turn; each task in a process of its own\n`)
for (const chunks of sizes) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'quern-bench-'))
  await compareWithNaive({ folder: folder.path, chunks, rounds, queries })
}
if (peerSize > 0) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'quern-bench-'))
  await compareWithVectra({ folder: folder.path, chunks: peerSize, rounds, queries })
}
if (!values.quick && !values['no-limit']) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'quern-bench-'))
  await findNaiveLimit(folder.path)
}
