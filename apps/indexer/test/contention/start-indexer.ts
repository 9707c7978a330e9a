import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

/** A command line that runs. */
export interface StartedIndexer {
  readonly child: ChildProcess
  readonly ended: Promise<{
    readonly pid: number
    readonly exitCode: number | null
    readonly stdout: string
    readonly stderr: string
  }>
}

/** Starts the command line in a process of its own and does not wait for it. */
export function startIndexer(arguments_: readonly string[], cwd: string): StartedIndexer {
  const child = spawn(process.execPath, [cli, ...arguments_], {
    cwd,
    env: { PATH: process.env['PATH'], NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const finish = async () => {
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { pid: child.pid ?? 0, exitCode: child.exitCode, stdout, stderr }
  }
  return { child, ended: finish() }
}

/** What the last line of `run --json` says. */
export function lastLine(stdout: string): Record<string, unknown> {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>
}
