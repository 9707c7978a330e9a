#!/usr/bin/env node
import { availableParallelism } from 'node:os'
import { recommendedThreadPoolSize } from '@quern/embedder'
import { contextOf } from './command-context.ts'
import { main } from './main.ts'

// Read by libuv at the first use of its thread pool, on which both llama.cpp and file access run.
process.env['UV_THREADPOOL_SIZE'] ??= String(recommendedThreadPoolSize(availableParallelism()))
if (process.argv.includes('--no-color')) process.env['NO_COLOR'] = '1'

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has seen enough (`search … | head`).
  if (error.code === 'EPIPE') process.exit()
  throw error
})

process.exitCode = await main(process.argv.slice(2), contextOf(process))
