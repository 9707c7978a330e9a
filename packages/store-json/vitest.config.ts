import { defineConfig } from 'vitest/config'

// Child processes, models and long loops take their time on a busy machine.
// No test leaves anything in a module that another could see, so that one process does for all files.
export default defineConfig({
  test: { testTimeout: 60_000, hookTimeout: 60_000, isolate: false, setupFiles: ['../../scripts/fix-seed.ts'] },
})
