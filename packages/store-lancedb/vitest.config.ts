import { configDefaults, defineConfig } from 'vitest/config'

// Child processes and long loops take their time on a busy machine. What takes minutes runs with pnpm test:long.
export default defineConfig({
  test: {
    setupFiles: ['../../scripts/fix-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    exclude: [...configDefaults.exclude, 'test/long/**'],
  },
})
