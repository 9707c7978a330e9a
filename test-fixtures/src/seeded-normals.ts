/**
 * A generator of numbers that are normal enough (mean 0, variance 1), the same on every machine: sums of twelve uniform numbers of the
 * generator mulberry32, since `Math.log` and `Math.cos` may differ in the last bit between platforms.
 */
export function createSeededNormals(seed: number): () => number {
  let state = seed >>> 0
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return () => {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += uniform()
    return sum
  }
}
