import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** The program of the other process: TypeScript in this repository, JavaScript where the package is installed. */
const program = fileURLToPath(new URL(`load-once${extname(import.meta.url)}`, import.meta.url))
const longestWords = 300

/** The line of llama.cpp that says why, without the folder that it was built in; else nothing. */
function lastWords(stderr: string): string {
  const line = stderr.split('\n').find((each) => each.includes('GGML_ASSERT') || each.includes('fatal error'))
  return line === undefined ? '' : `: ${line.replace(/^.*\//, '').trim().slice(0, longestWords)}`
}

/**
 * Loads a model file in a process of its own. What ended that process, for people, where it did not end by itself; else undefined, also
 * where the file cannot be loaded, which llama.cpp tells again. Rejects with the reason of the signal.
 */
export async function tryLoading(modelPath: string, signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted()
  const child = spawn(process.execPath, [program, modelPath], { stdio: ['ignore', 'ignore', 'pipe'] })
  const kill = (): void => void child.kill('SIGKILL')
  signal.addEventListener('abort', kill)
  try {
    const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')])
    signal.throwIfAborted()
    const { signalCode, exitCode } = child
    // An error ends a program with 1.
    if (signalCode === null && (exitCode ?? 0) <= 1) return undefined
    return `${signalCode ?? `exit code ${exitCode}`}${lastWords(stderr)}`
  } finally {
    signal.removeEventListener('abort', kill)
  }
}
