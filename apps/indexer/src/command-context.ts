import type { Writable } from 'node:stream'

/** A stream for text, perhaps a terminal. */
export type TextStream = Writable & {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** Everything that a command takes from the process it runs in. */
export interface CommandContext {
  /** Results. */
  readonly stdout: TextStream
  /** Progress, warnings and errors. */
  readonly stderr: TextStream
  readonly env: Readonly<Record<string, string | undefined>>
  /** Absolute folder that relative paths of the command line start from. */
  readonly workingFolder: string
  /** How the user called this program, for messages that name the next command: `pnpm indexer` or `indexer`. */
  readonly programName: string
}

/** The context of a process, which may have been started by `pnpm indexer`: then paths are relative to where the user typed it. */
export function contextOf(process: NodeJS.Process): CommandContext {
  const { stdout, stderr, env } = process
  const byPackageScript = env['npm_lifecycle_event'] === 'indexer'
  return {
    stdout,
    stderr,
    env,
    workingFolder: (byPackageScript ? env['INIT_CWD'] : undefined) ?? process.cwd(),
    programName: byPackageScript ? 'pnpm indexer' : 'indexer',
  }
}
