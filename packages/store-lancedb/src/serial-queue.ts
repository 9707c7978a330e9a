/** Runs tasks one after another, in the order of the calls. */
export interface SerialQueue {
  /** Settles as the task does. A task that rejects does not keep the next ones from running. */
  run<T>(task: () => Promise<T>): Promise<T>
  /** Resolves when all tasks that were given so far have ended. */
  idle(): Promise<void>
}

/** An empty queue. */
export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve()
  return {
    run(task) {
      const result = last.then(task)
      // Whoever called gets the rejection; the queue only goes on.
      last = result.catch(() => undefined)
      return result
    },
    async idle() {
      await last
    },
  }
}
