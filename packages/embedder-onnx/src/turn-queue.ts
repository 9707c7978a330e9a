/** Runs one task at a time. */
export interface TurnQueue {
  /**
   * Runs `task` when it is its turn. Who comes first is served first, but `urgent` ones before all others. A signal that aborts
   * while waiting rejects with its reason; a task that has begun runs to its end.
   */
  run<R>(task: () => Promise<R>, options: TurnOptions): Promise<R>
  /** Rejects all who wait, and all who come, with what `reason` makes; resolves when the task that runs has ended. */
  close(reason: () => Error): Promise<void>
}

/** How a turn is asked for. */
export interface TurnOptions {
  readonly urgent: boolean
  readonly signal?: AbortSignal | undefined
}

interface Waiter {
  readonly take: () => void
  readonly refuse: (reason: unknown) => void
}

/** A queue that nobody waits in. */
export function createTurnQueue(): TurnQueue {
  const urgentWaiters: Waiter[] = []
  const patientWaiters: Waiter[] = []
  let running: Promise<unknown> | undefined
  let taken = false
  let closed: (() => Error) | undefined

  const refuseWhenClosed = (): void => {
    if (closed !== undefined) throw closed()
  }
  const wait = async ({ urgent, signal }: TurnOptions): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const queue = urgent ? urgentWaiters : patientWaiters
    const waiter: Waiter = { take: resolve, refuse: reject }
    const leave = (): void => {
      const place = queue.indexOf(waiter)
      if (place >= 0) queue.splice(place, 1)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', leave)
    queue.push(waiter)
    try {
      await promise
    } finally {
      signal?.removeEventListener('abort', leave)
    }
  }
  const pass = (): void => {
    const waiter = urgentWaiters.shift() ?? patientWaiters.shift()
    taken = waiter !== undefined
    waiter?.take()
  }
  return {
    async run(task, options) {
      refuseWhenClosed()
      options.signal?.throwIfAborted()
      if (taken) await wait(options)
      taken = true
      try {
        // It may have been closed between the end of one turn and the beginning of the next.
        refuseWhenClosed()
        const turn = task()
        running = turn
        return await turn
      } finally {
        pass()
      }
    },
    async close(reason) {
      closed = reason
      for (const waiter of [...urgentWaiters.splice(0), ...patientWaiters.splice(0)]) waiter.refuse(reason())
      await Promise.allSettled([running])
    },
  }
}
