/** A list of items that are looked at, and which of them together. */
export interface LookAheadOptions<T> {
  readonly count: number
  /** Most items that are being looked at, or wait to be taken, at a time. */
  readonly most: number
  /** Whether an item may be looked at while others are. Where not, nothing behind it is looked at before it has been taken. */
  readonly isPlain: (index: number) => boolean
  readonly look: (index: number) => T | Promise<T>
}

/** What comes of looking at items, in their order; a few are looked at, at the same time, before they are asked for. */
export interface LookAhead<T> {
  /** What came of the next item; undefined behind the last one. */
  take(): T | Promise<T> | undefined
  /** Resolves when nothing is being looked at. What was not taken is void. */
  settle(): Promise<void>
}

function noRejectionUnhandled(): void {
  // It comes out of `take`, if it is ever asked for.
}

/** Begins nothing before the first item is taken. */
export function createLookAhead<T>({ count, most, isPlain, look }: LookAheadOptions<T>): LookAhead<T> {
  const begun: (T | Promise<T>)[] = []
  let taken = 0
  const begin = (index: number): void => {
    const result = look(index)
    if (result instanceof Promise) result.catch(noRejectionUnhandled)
    begun.push(result)
  }
  return {
    take() {
      if (taken === count) return undefined
      if (begun.length === 0) begin(taken)
      if (isPlain(taken)) {
        for (let next = taken + begun.length; begun.length < most && next < count && isPlain(next); next++) begin(next)
      }
      taken += 1
      return begun.shift()
    },
    async settle() {
      await Promise.allSettled(begun.splice(0))
    },
  }
}
