/**
 * Set up for the tests of each package: properties begin from the same seed in every run, so that what fails in CI fails again. `QUERN_SEED` takes
 * another seed, `random` a new one each time, which `scripts/nightly.ts` does. A failure prints its seed.
 */
import fc from 'fast-check'

const fixedSeed = 20_261_129
const { QUERN_SEED } = process.env

fc.configureGlobal({ seed: QUERN_SEED === 'random' ? Date.now() % 2 ** 31 : Number(QUERN_SEED ?? fixedSeed) })
