/** Lends a fixed number of things, each to one user at a time. */
export interface PriorityPool<T> {
  /**
   * Runs `task` with the next thing that is free. Who comes first is served first, but `urgent` ones before all others. A signal
   * that aborts while waiting rejects with its reason; a task that has begun runs to its end.
   */
  use<R>(task: (thing: T) => Promise<R>, options: UseOptions): Promise<R>
  /** Rejects all who wait, and all who come, with what `reason` makes; resolves when the tasks that run have ended. */
  close(reason: () => Error): Promise<void>
}

/** How a thing is asked for. */
export interface UseOptions {
  readonly urgent: boolean
  readonly signal?: AbortSignal | undefined
}

interface Waiter<T> {
  readonly take: (thing: T) => void
  readonly refuse: (reason: unknown) => void
}

/** A pool of these things. */
export function createPriorityPool<T>(things: readonly T[]): PriorityPool<T> {
  const free = [...things]
  const urgent: Waiter<T>[] = []
  const patient: Waiter<T>[] = []
  const running = new Set<Promise<unknown>>()
  let closed: (() => Error) | undefined

  const give = (thing: T): void => {
    const waiter = urgent.shift() ?? patient.shift()
    if (waiter === undefined) free.push(thing)
    else waiter.take(thing)
  }
  const wait = ({ urgent: isUrgent, signal }: UseOptions): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const queue = isUrgent ? urgent : patient
    const waiter: Waiter<T> = {
      take: (thing) => {
        signal?.removeEventListener('abort', leave)
        resolve(thing)
      },
      refuse: (reason) => {
        signal?.removeEventListener('abort', leave)
        reject(reason)
      },
    }
    function leave(): void {
      queue.splice(queue.indexOf(waiter), 1)
      waiter.refuse(signal?.reason)
    }
    signal?.addEventListener('abort', leave)
    queue.push(waiter)
    return promise
  }
  return {
    async use(task, options) {
      if (closed !== undefined) throw closed()
      options.signal?.throwIfAborted()
      const thing = free.pop() ?? (await wait(options))
      const run = task(thing).finally(() => {
        running.delete(run)
        give(thing)
      })
      running.add(run)
      return run
    },
    async close(reason) {
      closed = reason
      for (const waiter of [...urgent.splice(0), ...patient.splice(0)]) waiter.refuse(reason())
      await Promise.allSettled(running)
    },
  }
}
