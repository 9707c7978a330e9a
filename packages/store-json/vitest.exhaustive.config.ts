import { defineConfig } from 'vitest/config'

// Every case of which `vitest run` tries a sample: see test/effort.ts. Takes some twenty minutes.
export default defineConfig({
  test: {
    setupFiles: ['../../scripts/fix-seed.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 60_000,
    env: { QUERN_EXHAUSTIVE: '1' },
  },
})
