import { writeSync } from 'node:fs'
import { argv, getuid, setuid } from 'node:process'
import { openJsonStore, repairJsonStore } from '../../src/index.ts'
import { collect, sampleSources } from '../sample-store.ts'

/**
 * As a user without special rights, does with the store at the first argument what the others say, in turn: `read`, `commit` or
 * `repair`. Writes for each the number of chunks, or the error, as JSON.
 */
const [path = '', ...actions] = argv.slice(2)

const nobody = 65_534
if (getuid?.() === 0) setuid?.(nobody)

async function act(what: string): Promise<unknown> {
  if (what === 'repair') return repairJsonStore({ path })
  await using store = await openJsonStore({ path, mode: what === 'read' ? 'read' : 'write' })
  if (what === 'commit') await store.commit({ put: sampleSources(50, 1) })
  return (await collect(store.getChunks())).length
}

const outcomes: unknown[] = []
for (const action of actions) {
  const outcome = await act(action).catch((error: unknown) => {
    const { code, message } = error as { code?: string; message: string }
    return { code, message }
  })
  outcomes.push(outcome)
}
writeSync(1, JSON.stringify(outcomes))
