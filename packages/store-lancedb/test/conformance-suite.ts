import { join } from 'node:path'
import { describeVectorStore } from '@quern/core/testing'
import type { TestFramework, VectorStoreHarness } from '@quern/core/testing'
import { temporaryFolder } from '@quern/test-fixtures'
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
  open: ({ path }, opening) =>
    openLanceStore({ uri: join(path, 'store'), wordIndex: 'always', durability: 'off', ...opening }),
}

/** Registers every case whose number leaves `part` when it is divided by `parts`: test files run side by side. */
export function registerConformance(part: number, parts: number, { describe, test }: TestFramework): void {
  let number = 0
  const register = (name: string, body: () => Promise<void>): unknown =>
    number++ % parts === part ? test(name, body) : undefined
  describeVectorStore(harness, { describe, test: Object.assign(register, { skip: test.skip }) })
}
