import { join } from 'node:path'
import { createTaskRunner } from '../child-tasks.ts'
import { capture, reasonOf } from '../outcome.ts'
import { formatRow } from '../report.ts'
import type { RawTasks } from './raw-tasks.ts'
import type { StoreTasks } from './store-tasks.ts'

/** Runs a task of LanceDB itself in a process of its own. */
export const raw = createTaskRunner<RawTasks>(new URL('./raw-tasks.ts', import.meta.url))

/** Runs a task of the store in a process of its own. */
export const store = createTaskRunner<StoreTasks>(new URL('./store-tasks.ts', import.meta.url))

/** What is measured, and where the tables go. */
export interface LanceMeasurement {
  readonly folder: string
  /** Numbers of chunks, ascending. */
  readonly sizes: readonly number[]
  readonly rounds: number
  readonly queries: number
  /** Chunks in a call while loading. */
  readonly batch: number
  /** Leaves LanceDB itself out, whose tables take as long to make as the store's. */
  readonly storeOnly: boolean
}

/** Above this size slow things are done once or not at all. */
export const largest = 100_000

/** Where the chunks of a size are, added to LanceDB by hand or committed to the store. */
export function uriOf({ folder }: LanceMeasurement, chunks: number, kind: 'raw' | 'store' | 'sources'): string {
  return join(folder, `${kind}-${chunks}`)
}

/** Prints a row with the cells that `measure` gives, or with the reason why it cannot be had in the first of them. */
export async function printRow(
  labels: readonly string[],
  columns: number,
  measure: () => Promise<string[]>,
): Promise<void> {
  const outcome = await capture(measure)(0)
  const cells = 'value' in outcome ? outcome.value : [reasonOf([outcome])]
  const missing = Array.from({ length: columns - labels.length - cells.length }, () => '–')
  console.log(formatRow([...labels, ...cells, ...missing]))
}
