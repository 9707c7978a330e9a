import { join } from 'node:path'
import type { VectorStoreHarness } from '@quern/core/testing'
import { temporaryFolder } from '@quern/test-fixtures'
import { openLanceStore } from '../src/index.ts'
import { copyOfMoment } from './crashed-copy.ts'

/** The store under the suite. */
export const harness: VectorStoreHarness<Awaited<ReturnType<typeof temporaryFolder>>> = {
  name: 'the LanceDB store',
  traits: { durable: true, locks: true, readers: true, keywords: true, crashes: true },
  createPlace: temporaryFolder,
  async crash({ path }) {
    const left = await temporaryFolder()
    copyOfMoment(path, left.path)
    return left
  },
  open: ({ path }, opening) =>
    openLanceStore({ uri: join(path, 'store'), wordIndex: 'always', durability: 'off', ...opening }),
}

/**
 * Cases that take long and prove little more than their neighbours: what depends on the query alone, once more on a store that was opened
 * again, which reads the same files by the same code; further seeds. They run with `pnpm test:long`.
 */
const longCases = [
  /^(?:filters|finds|ranks|scores|orders|gives as many hits|agrees|applies the filter|compares|takes|looks|answers|puts the).*, after opening again$/,
  /ten thousand.*, after opening again$/,
  /\(seed [23]\)$/,
]

/** Whether the case of this name is left to `pnpm test:long`. */
export function isLongCase(name: string): boolean {
  return longCases.some((pattern) => pattern.test(name))
}
