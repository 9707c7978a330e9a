import { randomUUID } from 'node:crypto'
import { describeVectorStore, vectorStoreCases } from '@quern/core/testing'
import type { VectorStoreHarness } from '@quern/core/testing'
import { describe, test } from 'vitest'
import { openLanceStore } from '../../src/index.ts'
import { startS3Server } from './start-s3-server.ts'

interface Bucket extends AsyncDisposable {
  readonly uri: string
  readonly storageOptions: Readonly<Record<string, string>>
}

const harness: VectorStoreHarness<Bucket> = {
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

// Half a minute long here.
const longest = 'shows readers whole versions only over a hundred commits, none older than was acknowledged'

// What depends on the place: opening, opening again, readers beside a writer. The whole suite takes minutes here.
const names = new Set(
  vectorStoreCases.filter(({ needs }) => needs === 'readers' || needs === 'durable').map(({ name }) => name),
)
names.delete(longest)

const add: (name: string, body: () => Promise<void>) => unknown = test
const addChosen = (name: string, body: () => Promise<void>): unknown => names.has(name) && add(name, body)

describeVectorStore(harness, { describe, test: Object.assign(addChosen, { skip: test.skip }) })
