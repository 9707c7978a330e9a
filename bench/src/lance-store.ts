/**
 * The LanceDB store against LanceDB itself, on clustered vectors. The largest size takes minutes and some gigabytes of the folder for
 * temporary files. Run: pnpm --filter @quern/bench lance-store [--quick] [--sizes 1000,10000,100000,1000000] [--rounds 3]
 * [--queries 50] [--batch 1000] [--runs 600] [--parts ingest,turns,index,search,replacement,changes,listing,upkeep] [--store-only]
 * [--folder <where the tables are kept for another call>]
 */
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureIndex } from './lance/measure-index.ts'
import { measureIngest } from './lance/measure-ingest.ts'
import { measureListing } from './lance/measure-listing.ts'
import { measureReplacement } from './lance/measure-replacement.ts'
import { measureSearch } from './lance/measure-search.ts'
import { measureSmallChanges } from './lance/measure-small-changes.ts'
import { measureTurns } from './lance/measure-turns.ts'
import { measureUpkeep } from './lance/measure-upkeep.ts'
import { describeMachine } from './machine.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    rounds: { type: 'string' },
    queries: { type: 'string' },
    batch: { type: 'string', default: '1000' },
    runs: { type: 'string' },
    folder: { type: 'string' },
    'store-only': { type: 'boolean', default: false },
    parts: { type: 'string', default: 'ingest,turns,index,search,replacement,changes,listing,upkeep' },
  },
})
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3))

console.log(await describeMachine(['@lancedb/lancedb', 'apache-arrow']))
console.log(`384 dimensions; median of ${rounds} rounds, in turn; each task in a process of its own\n`)
await using folder = await mkdtempDisposable(join(tmpdir(), 'quern-bench-'))
const measurement = {
  folder: values.folder ?? folder.path,
  sizes: (values.sizes ?? (values.quick ? '1000,3000' : '1000,10000,100000')).split(',').map(Number),
  rounds,
  queries: Number(values.queries ?? (values.quick ? 5 : 50)),
  batch: Number(values.batch),
  storeOnly: values['store-only'],
}
const parts = new Set(values.parts.split(','))
// The parts from the index to the changes work on the tables that the first one leaves.
if (parts.has('ingest')) await measureIngest(measurement)
if (parts.has('turns')) await measureTurns(measurement)
if (parts.has('index')) await measureIndex(measurement)
if (parts.has('search')) await measureSearch(measurement)
if (parts.has('replacement')) await measureReplacement(measurement)
if (parts.has('changes')) await measureSmallChanges(measurement)
if (parts.has('listing')) await measureListing(measurement)
if (parts.has('upkeep')) await measureUpkeep(measurement, Number(values.runs ?? (values.quick ? 20 : 600)))
