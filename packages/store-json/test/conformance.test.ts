import { join } from 'node:path'
import { copyAsCrashed, describeVectorStore, vectorStoreCases } from '@quern/core/testing'
import type { VectorStoreHarness } from '@quern/core/testing'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, test } from 'vitest'
import { openJsonStore } from '../src/index.ts'
import { openStore } from '../src/open-store.ts'
import { isExhaustive, roundsOf } from './effort.ts'
import type { LayoutName } from './layouts.ts'
import { layoutNames, layouts } from './layouts.ts'
import { hastyOperations } from './watched-operations.ts'

type Place = Awaited<ReturnType<typeof temporaryFolder>>

/** These take long, and by then a store that grows is one of segments. */
const largeCases = Object.fromEntries(
  vectorStoreCases
    .filter(({ name }) => /ten thousand|a thousand sources/.test(name))
    .map(({ name }) => [name, 'as in segments, which the store is made of by then']),
)

const harnessOf = (name: LayoutName): VectorStoreHarness<Place> => ({
  name: `the JSON store in ${name}`,
  traits: { durable: true, locks: true, readers: true, keywords: true, crashes: true },
  createPlace: temporaryFolder,
  skips: name === 'a single file that grows' && !isExhaustive ? largeCases : {},
  randomSeconds: roundsOf(2, 60),
  open({ path }, opening) {
    const options = { path: join(path, 'store'), ...layouts[name], ...opening }
    // Waiting for the disk changes no answer: it is done in one layout, and left out in the others unless all is tried.
    return name === 'a single file' || isExhaustive ? openJsonStore(options) : openStore(options, hastyOperations)
  },
  async crash({ path }) {
    const left = await temporaryFolder()
    copyAsCrashed(path, left.path)
    return left
  },
})

for (const name of layoutNames) describeVectorStore(harnessOf(name), { describe, test })
