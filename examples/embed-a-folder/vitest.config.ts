import { defineConfig } from 'vitest/config'

// Child processes and models take their time on a busy machine.
export default defineConfig({ test: { testTimeout: 60_000 } })
