import type { CaseResult, TestFramework } from './conformance-case.ts'
import { describeCases, runCases } from './conformance-case.ts'
import { afterReopening } from './reopening-harness.ts'
import { abortCases } from './store-cases/abort-cases.ts'
import { aliasCases } from './store-cases/alias-cases.ts'
import { badQueryCases } from './store-cases/bad-query-cases.ts'
import { chunkQueryCases, runningIterationCases } from './store-cases/chunk-query-cases.ts'
import { commitCases, commitOrderCases } from './store-cases/commit-cases.ts'
import { concurrencyCases } from './store-cases/concurrency-cases.ts'
import { crashCases } from './store-cases/crash-cases.ts'
import { filterCases } from './store-cases/filter-cases.ts'
import { findVectorCases } from './store-cases/find-vector-cases.ts'
import { hostileCases } from './store-cases/hostile-cases.ts'
import { hybridCases } from './store-cases/hybrid-cases.ts'
import { keywordCases } from './store-cases/keyword-cases.ts'
import { keywordRankCases } from './store-cases/keyword-rank-cases.ts'
import { closeCases, durabilityCases, lockCases } from './store-cases/lifecycle-cases.ts'
import { randomCases } from './store-cases/random-cases.ts'
import { readerCases } from './store-cases/reader-cases.ts'
import { refusalCases } from './store-cases/refusal-cases.ts'
import { roundTripCases } from './store-cases/round-trip-cases.ts'
import { scaleCases } from './store-cases/scale-cases.ts'
import { searchCases } from './store-cases/search-cases.ts'
import { statsCases } from './store-cases/stats-cases.ts'
import { runningVerifyCases, verifyCases } from './store-cases/verify-cases.ts'
import type { VectorStoreCase, VectorStoreHarness } from './vector-store-harness.ts'

const contentCases = [
  ...commitCases,
  ...roundTripCases,
  ...hostileCases,
  ...chunkQueryCases,
  ...findVectorCases,
  ...searchCases,
  ...filterCases,
  ...keywordCases,
  ...keywordRankCases,
  ...hybridCases,
  ...statsCases,
  ...verifyCases,
  ...scaleCases,
]

/** Every case of the contract of `VectorStore`. Those about contents stand here twice: as they are, and with a store opened again. */
export const vectorStoreCases: readonly VectorStoreCase[] = [
  ...contentCases,
  ...commitOrderCases,
  ...refusalCases,
  ...aliasCases,
  ...runningIterationCases,
  ...concurrencyCases,
  ...runningVerifyCases,
  ...badQueryCases,
  ...abortCases,
  ...closeCases,
  ...durabilityCases,
  ...lockCases,
  ...readerCases,
  ...crashCases,
  ...randomCases,
  ...contentCases.map(afterReopening),
]

/**
 * Registers the conformance suite of `VectorStore` with a test framework, one test for each case that the traits call for:
 * `describeVectorStore(harness, { describe, test })`, with vitest's or any other's `describe` and `test`. Throws `OPTION_INVALID`
 * when the harness skips a case that does not exist or gives no reason.
 */
export function describeVectorStore<Place extends AsyncDisposable>(
  harness: VectorStoreHarness<Place>,
  framework: TestFramework,
): void {
  describeCases<VectorStoreHarness>(vectorStoreCases, harness, framework)
}

/**
 * Runs the conformance suite of `VectorStore` without a test framework and returns how each case went, in the order of
 * `vectorStoreCases`. Rejects like `describeVectorStore`.
 */
export function runVectorStoreCases<Place extends AsyncDisposable>(
  harness: VectorStoreHarness<Place>,
): Promise<CaseResult[]> {
  return runCases<VectorStoreHarness>(vectorStoreCases, harness)
}
