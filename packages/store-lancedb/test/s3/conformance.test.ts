import { randomUUID } from 'node:crypto'
import { describeVectorStore } from '@quern/core/testing'
import type { VectorStoreHarness } from '@quern/core/testing'
import { afterAll, describe, test } from 'vitest'
import { openLanceStore } from '../../src/index.ts'
import { startS3Server } from './start-s3-server.ts'

const server = await startS3Server()
afterAll(() => server[Symbol.asyncDispose]())

interface Bucket extends AsyncDisposable {
  readonly uri: string
}

const harness: VectorStoreHarness<Bucket> = {
  name: 'the LanceDB store in object storage',
  traits: { durable: true, locks: false, readers: true, keywords: true, crashes: false },
  createPlace: async () => ({ uri: `s3://bucket/${randomUUID()}`, [Symbol.asyncDispose]: () => Promise.resolve() }),
  open: ({ uri }, opening) =>
    openLanceStore({ uri, storageOptions: server.storageOptions, wordIndex: 'always', soleWriter: true, ...opening }),
}

describeVectorStore(harness, { describe, test })
