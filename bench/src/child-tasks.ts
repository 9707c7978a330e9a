import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a child process can be asked to do: functions of one parameter, by name. Parameters and results must be structured-cloneable. */
export type Tasks = Readonly<Record<string, (params: never) => Promise<unknown>>>

/** What a task gave, and the most memory that its process had in use. */
interface TaskOutcome<T> {
  readonly result: T
  /** Peak of the resident set, in bytes. */
  readonly peakBytes: number
}

/** Runs a task in a process of its own, so that no heap, cache or compiled code of another measurement is there. Rejects when it fails. */
export type TaskRunner<T extends Tasks> = <K extends keyof T & string>(
  name: K,
  params: Parameters<T[K]>[0],
) => Promise<TaskOutcome<Awaited<ReturnType<T[K]>>>>

type Answer<T> = TaskOutcome<T> | { readonly error: string }

function peakBytes(): number {
  // A forked process inherits the maxRSS of its parent; only Linux has a figure that starts anew.
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : ''
  const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? process.resourceUsage().maxRSS * 1024 : Number(kilobytes) * 1024
}

/** Makes this process, started by a task runner, do the task that it was started for. */
export function answerTasks(tasks: Tasks): void {
  process.once('message', ({ name, params }: { name: string; params: never }) => {
    const run = async (): Promise<Answer<unknown>> => {
      try {
        const result = await tasks[name]?.(params)
        return { result, peakBytes: peakBytes() }
      } catch (error) {
        return { error: String(error).replace(/^Error: /, '') }
      }
    }
    void run().then((answer) => process.send?.(answer, () => process.disconnect()))
  })
}

/** Runs tasks of a script that calls `answerTasks`, in processes with these options of Node. */
export function createTaskRunner<T extends Tasks>(script: URL, nodeOptions: readonly string[] = []): TaskRunner<T> {
  return async (name, params) => {
    const child = fork(script, [], {
      execArgv: [...nodeOptions],
      serialization: 'advanced',
      // Lance prints warnings on the standard output. Compiled code is kept, as the command line does: nobody strips types at each start. By
      // task, for what the first process keeps of a module is what it ran of it.
      env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache', name), ...process.env, LANCEDB_LOG: 'error' },
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    })
    let errors = ''
    child.stderr?.on('data', (data: Buffer) => (errors = (errors + data.toString()).slice(0, 10_000)))
    let answer: Answer<never> | undefined
    child.once('message', (message) => (answer = message as Answer<never>))
    const closed = once(child, 'close')
    child.send({ name, params })
    const [code, signal] = await closed
    if (answer !== undefined && 'result' in answer) return answer
    const reason = answer === undefined ? (/FATAL ERROR: .*/.exec(errors)?.[0] ?? errors) : answer.error
    throw new Error(reason === '' ? `${name} ended with ${signal ?? code}` : reason)
  }
}
