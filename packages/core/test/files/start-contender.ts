import { fork } from 'node:child_process'
import { once } from 'node:events'

/** What a contender is told to do. */
export type ContenderCommand =
  | { readonly do: 'take'; readonly path: string }
  | { readonly do: 'release' }
  /** Adds 1 to the number in `file`, `times` times, each time under the lock. */
  | { readonly do: 'count'; readonly path: string; readonly file: string; readonly times: number }

/** Another process that takes locks. */
export interface Contender extends AsyncDisposable {
  readonly pid: number
  /** Resolves with the answer: `taken`, `released`, `counted`, or the code of the error. */
  tell(command: ContenderCommand): Promise<string>
  /** Ends the process with SIGKILL. */
  kill(): Promise<void>
}

/** Starts a process that waits for commands. It is killed at disposal. */
export async function startContender(): Promise<Contender> {
  const child = fork(new URL('lock-contender.ts', import.meta.url), [], { execArgv: [] })
  const exited = once(child, 'exit')
  const answer = async (): Promise<string> => {
    const outcome: unknown[] = await Promise.race([once(child, 'message'), exited])
    return String(outcome[0])
  }
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exited
  }
  if ((await answer()) !== 'ready' || child.pid === undefined) throw new Error('the contender did not start')
  return {
    pid: child.pid,
    tell(command) {
      const told = answer()
      child.send(command)
      return told
    },
    kill,
    [Symbol.asyncDispose]: kill,
  }
}

/** Starts several at once. */
export async function startContenders(count: number): Promise<Contender[] & AsyncDisposable> {
  const contenders = await Promise.all(Array.from({ length: count }, startContender))
  return Object.assign(contenders, {
    async [Symbol.asyncDispose]() {
      await Promise.all(contenders.map((contender) => contender.kill()))
    },
  })
}
