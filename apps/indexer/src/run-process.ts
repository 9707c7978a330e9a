import { availableParallelism } from 'node:os'
import { recommendedThreadPoolSize } from '@quern/embedder'
import { contextOf } from './command-context.ts'
import { main } from './main.ts'

/** Runs the command that this process was started with, and sets its exit code. */
export async function runProcess(): Promise<void> {
  // Read by libuv at the first use of its thread pool, on which both llama.cpp and file access run.
  process.env['UV_THREADPOOL_SIZE'] ??= String(recommendedThreadPoolSize(availableParallelism()))
  if (process.argv.includes('--no-color')) {
    process.env['NO_COLOR'] = '1'
    delete process.env['FORCE_COLOR']
  }

  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // The reader of a pipe has seen enough (`run --json | head`): what is left to do is done unheard.
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
    })
  }

  process.exitCode = await main(process.argv.slice(2), contextOf(process))
}
