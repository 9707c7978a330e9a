import { refuseNetwork } from './refuse-network.ts'

// The worker of the readers, without a network.
refuseNetwork()
await import('../../src/readers/worker/reader-worker.ts')
