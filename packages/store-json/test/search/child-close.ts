import { flushCompileCache } from 'node:module'
import { argv, kill, pid } from 'node:process'
import { openStore } from '../../src/open-store.ts'
import { watchedOperations } from '../watched-operations.ts'
import { cachedSource, wideSpace } from './wide-store.ts'

/**
 * Opens the store at the first argument, commits to it and closes it; kills itself at the change to the disk whose number, counted from
 * the close on, is the second argument, after half of what was to be written.
 */
const [path = '', number = '0'] = argv.slice(2)

// So that the next child finds it: this one may be killed.
flushCompileCache()

let count = Number.NEGATIVE_INFINITY
const operations = watchedOperations(async (_, { half }) => {
  if (count++ !== Number(number)) return
  await half()
  kill(pid, 'SIGKILL')
})
const store = await openStore({ path, mode: 'write', space: wideSpace, layout: 'segments' }, operations)
await store.commit({ put: [cachedSource('a'), cachedSource('b', 'new words')] })
count = 0
await store.close()
