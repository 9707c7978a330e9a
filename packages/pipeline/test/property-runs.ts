import type fc from 'fast-check'

/** Of every run in CI, so that what fails there fails again. */
const fixedSeed = 20_261_129

/**
 * How often a property is tried, and from which seed. `QUERN_SEED` takes another seed (`random` a new one each time), `QUERN_RUNS` times
 * as many runs: `scripts/nightly.ts` sets both. A failure prints the seed and the smallest example that fails.
 */
export function propertyRuns(numRuns: number): fc.Parameters<unknown> {
  const { QUERN_SEED, QUERN_RUNS } = process.env
  const seed = QUERN_SEED === 'random' ? Date.now() % 2 ** 31 : Number(QUERN_SEED ?? fixedSeed)
  return { numRuns: numRuns * Number(QUERN_RUNS ?? 1), seed }
}
