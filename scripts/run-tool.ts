import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Where and how a tool runs. */
export interface RunToolOptions {
  readonly cwd: string
  /** Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv
}

const execute = promisify(execFile)

/** Runs a tool beside whatever else runs, and resolves to what it wrote to stdout. Rejects with its whole output when it fails. */
export async function runTool(command: string, args: readonly string[], options: RunToolOptions): Promise<string> {
  const shell = process.platform === 'win32'
  try {
    const { stdout } = await execute(command, args, { ...options, encoding: 'utf8', shell, maxBuffer: 2 ** 28 })
    return stdout
  } catch (error) {
    const {
      stdout = '',
      stderr = '',
      message,
    } = error as Error & { readonly stdout?: string; readonly stderr?: string }
    const output = stdout + stderr
    throw new Error(`${command} ${args.join(' ')} (in ${options.cwd}) failed\n${output === '' ? message : output}`, {
      cause: error,
    })
  }
}
