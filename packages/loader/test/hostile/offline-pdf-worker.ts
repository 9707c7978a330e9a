import { refuseNetwork } from './refuse-network.ts'

// The worker of the PDF engine, without a network.
refuseNetwork()
await import('../../src/readers/pdf/pdf-worker.ts')
