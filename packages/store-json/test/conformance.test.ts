import { join } from 'node:path'
import { copyAsCrashed, describeVectorStore } from '@quern/core/testing'
import type { VectorStoreHarness } from '@quern/core/testing'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, test } from 'vitest'
import { openJsonStore } from '../src/index.ts'
import type { LayoutName } from './layouts.ts'
import { layoutNames, layouts } from './layouts.ts'

type Place = Awaited<ReturnType<typeof temporaryFolder>>

const harnessOf = (name: LayoutName): VectorStoreHarness<Place> => ({
  name: `the JSON store in ${name}`,
  traits: { durable: true, locks: true, readers: true, keywords: true, crashes: true },
  createPlace: temporaryFolder,
  open: ({ path }, opening) => openJsonStore({ path: join(path, 'store'), ...layouts[name], ...opening }),
  async crash({ path }) {
    const left = await temporaryFolder()
    copyAsCrashed(path, left.path)
    return left
  },
})

for (const name of layoutNames) describeVectorStore(harnessOf(name), { describe, test })
