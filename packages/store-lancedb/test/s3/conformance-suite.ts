import { randomUUID } from 'node:crypto'
import { vectorStoreCases } from '@quern/core/testing'
import type { VectorStoreHarness } from '@quern/core/testing'
import { openLanceStore } from '../../src/index.ts'
import { startS3Server } from './start-s3-server.ts'

interface Bucket extends AsyncDisposable {
  readonly uri: string
  readonly storageOptions: Readonly<Record<string, string>>
}

/** The store under the suite. */
export const harness: VectorStoreHarness<Bucket> = {
  name: 'the LanceDB store in object storage',
  traits: { durable: true, locks: false, readers: true, keywords: true, crashes: false },
  async createPlace() {
    const server = await startS3Server()
    return {
      uri: `s3://bucket/${randomUUID()}`,
      storageOptions: server.storageOptions,
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    }
  },
  open: ({ uri, storageOptions }, opening) => openLanceStore({ uri, storageOptions, wordIndex: 'never', ...opening }),
}

/** Cases of what depends on the place: opening, opening again, readers beside a writer. */
const namesOfPlace = new Set(
  vectorStoreCases.filter(({ needs }) => needs === 'readers' || needs === 'durable').map(({ name }) => name),
)

/** Half a minute long here. */
const longest = 'shows readers whole versions only over a hundred commits, none older than was acknowledged'

/** Whether the case of this name is left to `pnpm test:long`: the whole suite takes minutes here. */
export function isLongCase(name: string): boolean {
  return !namesOfPlace.has(name) || name === longest
}
