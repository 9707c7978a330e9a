/** A source of numbers that look random and are the same for the same seed on every machine. */
export interface SeededRandom {
  /** From 0 (inclusive) to 1 (exclusive). */
  next(): number
  /** A whole number from 0 (inclusive) to `limit` (exclusive). */
  below(limit: number): number
  /** One of the elements. Throws `RangeError` when there is none. */
  pick<T>(elements: readonly T[]): T
}

/** A generator of the mulberry32 family: 32 bits of state, ample for test data. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    below,
    pick(elements) {
      if (elements.length === 0) throw new RangeError('nothing to pick from')
      return elements[below(elements.length)] as (typeof elements)[number]
    },
  }
}
