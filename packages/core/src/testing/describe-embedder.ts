import type { CaseResult, TestFramework } from './conformance-case.ts'
import { describeCases, runCases } from './conformance-case.ts'
import { flowCases } from './embedder-cases/flow-cases.ts'
import { lifecycleCases } from './embedder-cases/lifecycle-cases.ts'
import { limitCases } from './embedder-cases/limit-cases.ts'
import { vectorCases } from './embedder-cases/vector-cases.ts'
import type { EmbedderCase, EmbedderHarness } from './embedder-harness.ts'

/** Every case of the contract of `Embedder`. */
export const embedderCases: readonly EmbedderCase[] = [...lifecycleCases, ...vectorCases, ...limitCases, ...flowCases]

/**
 * Registers the conformance suite of `Embedder` with a test framework, one test for each case that the traits call for:
 * `describeEmbedder(harness, { describe, test })`, with vitest's or any other's `describe` and `test`. Throws `OPTION_INVALID`
 * when the harness skips a case that does not exist or gives no reason.
 */
export function describeEmbedder(harness: EmbedderHarness, framework: TestFramework): void {
  describeCases(embedderCases, harness, framework)
}

/**
 * Runs the conformance suite of `Embedder` without a test framework and returns how each case went, in the order of
 * `embedderCases`. Rejects like `describeEmbedder`.
 */
export function runEmbedderCases(harness: EmbedderHarness): Promise<CaseResult[]> {
  return runCases(embedderCases, harness)
}
