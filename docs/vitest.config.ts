import { defineConfig } from 'vitest/config'

// The type checker and child processes take their time on a busy machine.
export default defineConfig({ test: { testTimeout: 240_000 } })
