import { defineConfig } from 'vitest/config'

// Child processes, models and long loops take their time on a busy machine. Most of the time the tests wait for a process.
export default defineConfig({ test: { testTimeout: 120_000, hookTimeout: 120_000, maxWorkers: 2 } })
