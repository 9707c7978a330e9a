/** Runs tasks one after another, in the order of the calls. */
export interface SerialQueue {
  /** Settles as the task does. A task that rejects does not keep the next ones from running. */
  run<T>(task: () => Promise<T>): Promise<T>
  /**
   * As `run`, for a task of which a part can be done before its turn: `prepare` is called once the task before it has called `release`
   * or has ended, and never for two tasks at once. The task gets what comes of it; where `prepare` rejects, the task has yet to see.
   */
  runPrepared<P, T>(
    prepare: () => Promise<P>,
    task: (prepared: Promise<P>, release: () => void) => Promise<T>,
  ): Promise<T>
  /** Resolves when all tasks that were given so far have ended. */
  idle(): Promise<void>
}

/** An empty queue. */
export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve()
  let released: Promise<void> = Promise.resolve()

  const runPrepared: SerialQueue['runPrepared'] = (prepare, task) => {
    const { promise, resolve: release } = Promise.withResolvers<void>()
    const prepared = released.then(prepare)
    // The task gets the rejection, when it has its turn.
    prepared.catch(() => undefined)
    const result = last.then(() => task(prepared, release)).finally(release)
    released = promise
    // Whoever called gets the rejection; the queue only goes on.
    last = result.catch(() => undefined)
    return result
  }
  return {
    runPrepared,
    run: (task) => runPrepared(() => Promise.resolve(), task),
    async idle() {
      await last
    },
  }
}
