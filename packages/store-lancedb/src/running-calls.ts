/** The calls that are under way. */
export interface RunningCalls {
  /** Settles as the call does. */
  run<T>(call: () => Promise<T>): Promise<T>
  /** Resolves when none is under way any more. */
  idle(): Promise<void>
}

/** None so far. */
export function createRunningCalls(): RunningCalls {
  const running = new Set<Promise<unknown>>()
  return {
    async run(call) {
      const result = call()
      running.add(result)
      try {
        return await result
      } finally {
        running.delete(result)
      }
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}
