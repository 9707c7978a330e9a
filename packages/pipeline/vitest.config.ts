import { defineConfig } from 'vitest/config'

// Long loops take their time on a busy machine.
export default defineConfig({
  test: { setupFiles: ['../../scripts/fix-seed.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
})
