import { defineConfig } from 'vitest/config'

// What takes minutes: the rest of the conformance suite, all of it in object storage, hundreds of small runs.
export default defineConfig({ test: { testTimeout: 600_000, include: ['test/long/**/*.test.ts'] } })
