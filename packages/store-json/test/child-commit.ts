import { flushCompileCache } from 'node:module'
import { argv, kill, pid } from 'node:process'
import type { JsonStoreOptions } from '../src/index.ts'
import { openStore } from '../src/open-store.ts'
import { sampleSources, space } from './sample-store.ts'
import { watchedOperations } from './watched-operations.ts'

/**
 * Opens the store at the first argument and commits a batch to it; kills itself at the change to the disk whose number is the second
 * argument. With the third argument `half`, half of what it was about to write gets written. The fourth are further options as JSON.
 */
const [path = '', number = '0', how, options = '{}'] = argv.slice(2)

// So that the next child finds it: this one may be killed.
flushCompileCache()

const operations = watchedOperations(async (current, { half }) => {
  if (current !== Number(number)) return
  if (how === 'half') await half()
  kill(pid, 'SIGKILL')
})
await using store = await openStore(
  { path, mode: 'write', space, ...(JSON.parse(options) as Partial<JsonStoreOptions>) },
  operations,
)
await store.commit({ put: sampleSources(5, 4), delete: ['docs/0.md'] })
