import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { starterModel } from '@quern/model-starter'
import { createBackgroundIndexer } from './background-indexer.ts'
import { startBusyServer } from './busy-server.ts'
import type { Strain } from './busy-server.ts'

const [folder = '../../test-fixtures/corpus', modelPath = starterModel.path] = process.argv.slice(2)
const storePath = await mkdtemp(join(tmpdir(), 'background-indexing-'))
const cores = availableParallelism()

function show(title: string, { requests, delay: { p50, p99, max } }: Strain): void {
  const [median, late, latest] = [p50, p99, max].map((value) => `${value.toFixed(1)} ms`)
  console.log(`${title} event-loop delay: p50 ${median}, p99 ${late}, max ${latest} (${requests} requests answered)`)
}

// One core is left to the server.
const settings = { folder, storePath, modelPath, concurrency: Math.max(1, cores - 1) }
{
  await using indexer = createBackgroundIndexer(settings)
  await using server = await startBusyServer(() => ({ indexing: folder, embedded: indexer.embedded() }))
  console.log(`${cores} × ${cpus()[0]?.model}, Node ${process.versions.node}`)

  await server.during(() => delay(1000)) // Compiled and warm.
  show('without an index:', await server.during(() => delay(3000)))

  const pausing = new AbortController()
  const first = await server.during(async () => {
    const run = indexer.index({ signal: pausing.signal })
    while (indexer.embedded() < 50) await delay(10)
    pausing.abort()
    const { chunks, interrupted } = await run
    console.log(`paused: ${interrupted}; ${chunks.embedded} chunks embedded, ${chunks.written} written`)
  })
  show('until the pause: ', first)

  const second = await server.during(async () => {
    const { sources, chunks } = await indexer.index()
    console.log(`resumed: ${sources.unchanged} sources were there; ${chunks.embedded} chunks embedded`)
  })
  show('after the pause: ', second)
}
await rm(storePath, { recursive: true })
