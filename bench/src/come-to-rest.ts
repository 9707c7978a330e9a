import { setTimeout as delay } from 'node:timers/promises'

/**
 * Lets a process that has just loaded its modules collect their garbage, which otherwise falls into the first tenths of a second of
 * whatever is timed, of either way.
 */
export async function comeToRest(): Promise<void> {
  await delay(100)
}
