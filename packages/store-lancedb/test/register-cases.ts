import { describeVectorStore } from '@quern/core/testing'
import type { TestFramework, VectorStoreHarness } from '@quern/core/testing'

/** Registers those cases of the suite of `VectorStore` that `isWanted` tells by name. */
export function registerCases<Place extends AsyncDisposable>(
  harness: VectorStoreHarness<Place>,
  isWanted: (name: string) => boolean,
  { describe, test }: TestFramework,
): void {
  const add: (name: string, body: () => Promise<void>) => unknown = test
  const register = (name: string, body: () => Promise<void>): unknown => isWanted(name) && add(name, body)
  describeVectorStore(harness, { describe, test: Object.assign(register, { skip: test.skip }) })
}
