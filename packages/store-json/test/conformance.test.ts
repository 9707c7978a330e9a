import { join } from 'node:path'
import { describeVectorStore } from '@quern/core/testing'
import type { VectorStoreHarness } from '@quern/core/testing'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, test } from 'vitest'
import { openJsonStore } from '../src/index.ts'

const harness: VectorStoreHarness<Awaited<ReturnType<typeof temporaryFolder>>> = {
  name: 'the JSON store',
  traits: { durable: true, locks: true, readers: true },
  createPlace: temporaryFolder,
  open: ({ path }, opening) => openJsonStore({ path: join(path, 'store'), ...opening }),
}

describeVectorStore(harness, { describe, test })
