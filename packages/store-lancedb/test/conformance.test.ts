import { join } from 'node:path'
import { describeVectorStore } from '@quern/core/testing'
import type { VectorStoreHarness } from '@quern/core/testing'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, test } from 'vitest'
import { openLanceStore } from '../src/index.ts'
import { copyOfMoment } from './crashed-copy.ts'

const harness: VectorStoreHarness<Awaited<ReturnType<typeof temporaryFolder>>> = {
  name: 'the LanceDB store',
  traits: { durable: true, locks: true, readers: true, keywords: true, crashes: true },
  createPlace: temporaryFolder,
  async crash({ path }) {
    const left = await temporaryFolder()
    copyOfMoment(path, left.path)
    return left
  },
  open: ({ path }, opening) => openLanceStore({ uri: join(path, 'store'), wordIndex: 'always', ...opening }),
}

describeVectorStore(harness, { describe, test })
