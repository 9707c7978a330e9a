import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** How a child process is started. */
export interface RunNodeOptions {
  readonly cwd?: string
  /** The whole environment of the child. Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Aborting kills the child with SIGKILL. */
  readonly signal?: AbortSignal
}

/** How a child process ended. */
export interface NodeResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs this version of Node with these arguments (options, a script, its arguments) and waits for its end. */
export async function runNode(arguments_: readonly string[], options: RunNodeOptions = {}): Promise<NodeResult> {
  const { cwd, env = process.env, signal } = options
  const child = spawn(process.execPath, arguments_, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const kill = (): void => void child.kill('SIGKILL')
  signal?.addEventListener('abort', kill, { once: true })
  if (signal?.aborted === true) kill()
  try {
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { exitCode: child.exitCode, signal: child.signalCode, stdout, stderr }
  } finally {
    signal?.removeEventListener('abort', kill)
  }
}
