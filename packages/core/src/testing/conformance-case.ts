import { QuernError } from '../quern-error.ts'

/** One promise of a contract as a test: plain data, so that it runs under any test framework and under none. */
export interface ConformanceCase<Harness, Trait extends string = never> {
  /** A sentence, unique in its suite: the title of the test, and the key under which a harness may skip it. */
  readonly name: string
  /** The sentence of the contract that is tested. */
  readonly clause: string
  /** Traits that an implementation must have for the case to apply. */
  readonly needs?: Trait | readonly Trait[] | undefined
  /** Rejects, mostly with an `AssertionError`, when the promise is not kept. */
  readonly run: (harness: Harness) => Promise<void>
}

/** What a suite is told about an implementation, whichever contract it implements. */
export interface ConformanceHarness {
  /** Name of the implementation, for the titles of tests. */
  readonly name: string
  /** Facts that decide which cases apply. A case whose trait is not `true` does not. */
  readonly traits: object
  /** Cases that are left out, by name, each with the reason. A name that no case has is an error. */
  readonly skips?: Readonly<Record<string, string>> | undefined
}

/** How one case went. */
export interface CaseResult {
  readonly name: string
  readonly clause: string
  /** `inapplicable`: the implementation lacks a trait that the case needs. */
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'inapplicable'
  /** Why the case was skipped or does not apply. */
  readonly reason?: string
  /** What a failed case rejected with. */
  readonly error?: unknown
}

/** The parts of a test framework that a suite needs: those of vitest, of `node:test` and of jest fit as they are. */
export interface TestFramework {
  /** Groups tests under a name. */
  readonly describe: (name: string, body: () => void) => unknown
  /** Declares a test. */
  readonly test: {
    (name: string, body: () => Promise<void>): unknown
    /** Declares a test that is not run. */
    readonly skip: (name: string, body: () => Promise<void>) => unknown
  }
}

type CaseList<Harness> = readonly ConformanceCase<Harness, string>[]

function refuseHarness(message: string): never {
  throw new QuernError('OPTION_INVALID', message, {
    hint: 'Skips are written { "<name of a case, word for word>": "<reason>" }.',
  })
}

function checkHarness<Harness extends ConformanceHarness>(cases: CaseList<Harness>, harness: Harness): void {
  const names = new Set(cases.map(({ name }) => name))
  for (const [name, reason] of Object.entries(harness.skips ?? {})) {
    if (!names.has(name)) refuseHarness(`${harness.name} skips "${name}", but no case has this name`)
    if (reason.trim() === '') refuseHarness(`${harness.name} skips "${name}" without a reason`)
  }
}

function skipReason(harness: ConformanceHarness, name: string): string | undefined {
  return harness.skips !== undefined && Object.hasOwn(harness.skips, name) ? harness.skips[name] : undefined
}

/** The traits that a case needs and the implementation lacks. */
function lackedTraits({ traits }: ConformanceHarness, needs: string | readonly string[] = []): string[] {
  const facts = new Map<string, unknown>(Object.entries(traits))
  return [needs].flat().filter((trait) => facts.get(trait) !== true)
}

/**
 * Runs the cases one after another without a test framework. Rejects with `OPTION_INVALID` when the harness skips a case that
 * does not exist or gives no reason; a case that fails is a result, not a rejection.
 */
export async function runCases<Harness extends ConformanceHarness>(
  cases: CaseList<Harness>,
  harness: Harness,
): Promise<CaseResult[]> {
  checkHarness(cases, harness)
  const results: CaseResult[] = []
  for (const { name, clause, needs, run } of cases) {
    const reason = skipReason(harness, name)
    const [lacked] = lackedTraits(harness, needs)
    if (reason !== undefined) results.push({ name, clause, outcome: 'skipped', reason })
    else if (lacked !== undefined) {
      results.push({ name, clause, outcome: 'inapplicable', reason: `${harness.name} lacks the trait ${lacked}` })
    } else {
      try {
        await run(harness)
        results.push({ name, clause, outcome: 'passed' })
      } catch (error) {
        results.push({ name, clause, outcome: 'failed', error })
      }
    }
  }
  return results
}

/**
 * Registers the cases that apply as tests under one `describe`. A skipped case is registered as a skipped test with its reason in
 * the title. Throws `OPTION_INVALID` like `runCases`.
 */
export function describeCases<Harness extends ConformanceHarness>(
  cases: CaseList<Harness>,
  harness: Harness,
  { describe, test }: TestFramework,
): void {
  checkHarness(cases, harness)
  describe(harness.name, () => {
    for (const { name, needs, run } of cases) {
      const reason = skipReason(harness, name)
      const body = (): Promise<void> => run(harness)
      if (reason !== undefined) test.skip(`${name} (skipped: ${reason})`, body)
      else if (lackedTraits(harness, needs).length === 0) test(name, body)
    }
  })
}
