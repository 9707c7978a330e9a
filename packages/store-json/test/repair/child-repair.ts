import { flushCompileCache } from 'node:module'
import { argv, kill, pid } from 'node:process'
import { repairFolder } from '../../src/repair/repair-json-store.ts'
import { watchedOperations } from '../watched-operations.ts'

/**
 * Repairs the store at the first argument; kills itself at the change to the disk whose number is the second argument. With the third
 * argument `half`, half of what it was about to write gets written.
 */
const [path = '', number = '0', how] = argv.slice(2)

// So that the next child finds it: this one may be killed.
flushCompileCache()

const operations = watchedOperations(async (current, { half }) => {
  if (current !== Number(number)) return
  if (how === 'half') await half()
  kill(pid, 'SIGKILL')
})
await repairFolder({ path }, operations)
