/** Keeps a few items of a sequence whose length is not known, evenly spread over it. */
export interface SpreadSample<T> {
  /** Takes the next item of the sequence. */
  readonly add: (item: T) => void
  /** At most `size` items, in order; all of them while there are no more. */
  readonly items: () => readonly T[]
}

/** A sample of at most `size` items: every k-th, where k doubles whenever the sample is full. */
export function createSpreadSample<T>(size: number): SpreadSample<T> {
  let kept: T[] = []
  let stride = 1
  let count = 0
  return {
    add(item) {
      if (count++ % stride !== 0) return
      if (kept.length === size) {
        kept = kept.filter((_, index) => index % 2 === 0)
        stride *= 2
        if ((count - 1) % stride !== 0) return
      }
      kept.push(item)
    },
    items: () => kept,
  }
}
