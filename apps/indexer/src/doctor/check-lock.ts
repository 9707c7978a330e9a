import { join } from 'node:path'
import { errorMessage, systemErrorCode } from '@quern/core'
import { currentGeneration, inspectWriterLock } from '@quern/core/files'
import type { Check } from './check.ts'

/** Name of the file that both types of store take as their writer's lock. */
const lockName = 'LOCK'

/** Whether somebody writes to the store in a folder, or died doing so. */
export async function checkLock(storeFolder: string, programName: string): Promise<Check> {
  const name = 'lock'
  // Which generation counts may be damaged: then the check of the store says so.
  const path = join(await currentGeneration(storeFolder).catch(() => storeFolder), lockName)
  try {
    const { state, holder } = await inspectWriterLock(path)
    const who =
      holder === undefined
        ? 'a holder that its file does not tell'
        : `process ${holder.pid} on ${holder.host} since ${holder.created}`
    switch (state) {
      case 'free':
        return { name, level: 'ok', message: 'nobody writes to the store' }
      case 'held':
        return {
          name,
          level: 'warn',
          message: `held by ${who}: a run is going on`,
          fix: `Wait until it has finished, or: ${programName} run --wait 600`,
        }
      case 'stale':
        return {
          name,
          level: 'warn',
          message: `left behind by ${who}, which is gone; what it had committed is kept`,
          fix: `${programName} run takes it over and goes on`,
        }
      case 'unknown':
        return {
          name,
          level: 'warn',
          message: `held by ${who}; whether it still runs cannot be seen from here`,
          fix: `If nobody writes to the store any more: remove the file ${path}`,
        }
    }
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    return { name, level: 'fail', message: errorMessage(error), fix: `Make ${path} readable.` }
  }
}
