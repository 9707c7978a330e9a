/** Work that was begun, by this caller or by another one. */
export interface SharedWork<R> {
  readonly result: Promise<R>
  /** Whether another caller had begun it. */
  readonly wasRunning: boolean
}

/**
 * Does equal work once while it runs: who comes with a key whose work has not ended gets the result of that. What has ended is forgotten.
 */
export function createWorkSharing<R>(): (key: string, work: () => Promise<R>) => SharedWork<R> {
  const running = new Map<string, Promise<R>>()
  return (key, work) => {
    const begun = running.get(key)
    if (begun !== undefined) return { result: begun, wasRunning: true }
    const result = work().finally(() => running.delete(key))
    running.set(key, result)
    return { result, wasRunning: false }
  }
}
