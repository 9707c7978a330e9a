/** The finaliser of MurmurHash3: spreads every bit of a whole number over all 32. */
function scramble(value: number): number {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

/** Numbers in [0, 1) that depend on the seeds alone, on every machine alike: xorshift32 (Marsaglia 2003). */
export function createRandomStream(...seeds: readonly number[]): () => number {
  let state = 0x9e3779b9
  for (const seed of seeds) state = scramble(Math.imul(state, 31) + seed)
  // Zero is the one state that xorshift never leaves.
  if (state === 0) state = 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

const normalTable = new Float64Array(2 ** 16)

function fillNormalTable(): void {
  const random = createRandomStream(1)
  for (let i = 0; i < normalTable.length; i++) {
    // Box and Muller 1958; 1 - random() is never zero.
    normalTable[i] = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  }
}
fillNormalTable()

/** A normally distributed number (mean 0, variance 1), out of a table of 65,536: much faster than computing it. */
export function drawNormal(random: () => number): number {
  return normalTable[Math.floor(random() * normalTable.length)] as number
}

/** Adds normally distributed numbers, each as `drawNormal` gives it, times a weight. Here, since a number that a function returns is an object of its own. */
export function addNormals(target: Float64Array, random: () => number, weight: number): void {
  for (let i = 0; i < target.length; i++) {
    const normal = normalTable[Math.floor(random() * normalTable.length)] as number
    target[i] = (target[i] as number) + weight * normal
  }
}
