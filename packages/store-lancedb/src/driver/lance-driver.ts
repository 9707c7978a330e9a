import { createRequire } from 'node:module'
import type * as Lance from '@lancedb/lancedb'
import type * as Arrow from 'apache-arrow'

/** The two libraries, loaded. */
export interface LanceDriver {
  readonly lance: typeof Lance
  readonly arrow: typeof Arrow
}

let loading: Promise<LanceDriver> | undefined

async function load(): Promise<LanceDriver> {
  const lance = await import('@lancedb/lancedb')
  // LanceDB takes Arrow's CommonJS build. Tables made with the other build are foreign to it, and it copies them wrongly.
  const arrow = createRequire(import.meta.url)('apache-arrow') as typeof Arrow
  return { lance, arrow }
}

/** Loads LanceDB and Arrow, once: some 200 ms and 75 MB of memory. */
export function loadDriver(): Promise<LanceDriver> {
  return (loading ??= load())
}
