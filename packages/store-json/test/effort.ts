import { env } from 'node:process'
import fc from 'fast-check'

/** Of every run in CI, so that what fails there fails again. `QUERN_SEED` takes another seed, `random` a new one. */
const fixedSeed = 20_261_129
const seed = env['QUERN_SEED'] === 'random' ? Date.now() % 2 ** 31 : Number(env['QUERN_SEED'] ?? fixedSeed)

/**
 * Whether all cases are tried, as by `pnpm --filter @quern/store-json test:exhaustive`. Otherwise a sample of them is, so that the suite takes
 * some minutes.
 */
export const isExhaustive = env['QUERN_EXHAUSTIVE'] === '1'

/** How often something is tried: `usual` times, or `exhaustive` ones where all is tried. */
export function roundsOf(usual: number, exhaustive: number): number {
  return isExhaustive ? exhaustive : usual
}

let drawn = 0

function randomIndex(count: number): number {
  return fc.sample(fc.nat(count - 1), { numRuns: 1, seed: seed + drawn++ })[0] ?? 0
}

/** One in so many of them, from a random one of the first on; where all is tried, one in `exhaustive`. */
export function sampleOf<T>(all: readonly T[], usual: number, exhaustive = 1): T[] {
  const step = roundsOf(usual, exhaustive)
  const first = randomIndex(step)
  return all.filter((_, index) => index % step === first)
}

/** One in so many of them and beside that a random one of each kind, in their order; where all is tried, all of them. */
export function sampleOfKinds<T>(all: readonly T[], kindOf: (element: T) => string, usual: number): T[] {
  if (isExhaustive) return [...all]
  const chosen = new Set(sampleOf(all, usual))
  for (const kind of Map.groupBy(all, kindOf).values()) chosen.add(kind[randomIndex(kind.length)] as T)
  return all.filter((element) => chosen.has(element))
}

/** Whole numbers from a random one below `step` on, `step` apart, without end. */
export function* numbersApart(usual: number): Iterable<number> {
  const step = roundsOf(usual, 1)
  for (let number = randomIndex(step); ; number += step) yield number
}
