import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '@quern/test-fixtures'

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

/** A line of JSON that a command prints. */
type Line = Readonly<Record<string, unknown>> & { readonly type: string }

/** A command that goes on until it is ended. */
export interface WatchedCommand extends AsyncDisposable {
  /** The next line of this type, from where the last one was found, on either stream. Waits for it. */
  readonly next: (type: string) => Promise<Line>
  /** Sends SIGINT and gives the exit code. */
  readonly interrupt: () => Promise<number | null>
}

/** Starts a command with `--json`. */
export async function startWatching(arguments_: readonly string[], cwd: string): Promise<WatchedCommand> {
  const models = await temporaryFolder()
  const child = spawn(process.execPath, [cli, ...arguments_, '--json'], {
    cwd,
    env: { PATH: process.env['PATH'], NO_COLOR: '1', QUERN_MODELS: models.path },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = once(child, 'close') as Promise<[number | null]>
  const lines: Line[] = []
  let read = 0
  let wake: (() => void) | undefined
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(JSON.parse(line) as Line)
      wake?.()
    })
  }
  let hasEnded = false
  child.on('close', () => {
    hasEnded = true
    wake?.()
  })
  return {
    async next(type) {
      for (;;) {
        for (; read < lines.length; read++) {
          const line = lines[read] as Line
          if (line.type !== type) continue
          read++
          return line
        }
        if (hasEnded) throw new Error(`the command ended before it printed ${type}: ${JSON.stringify(lines)}`)
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
    async interrupt() {
      child.kill('SIGINT')
      return (await exit)[0]
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exit
      await models[Symbol.asyncDispose]()
    },
  }
}
