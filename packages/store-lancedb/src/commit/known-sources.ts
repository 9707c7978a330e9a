import { hash } from 'node:crypto'

/**
 * Which sources a store may hold, as long as a writer can know it without looking: it has the store to itself and began with an empty
 * one. So the first, long run need not ask of each source whether it is there already.
 */
export interface KnownSources {
  /** Whether a source may be stored; always true when nothing is known. */
  mayHold(source: string): boolean
  /** Sources that are stored from now on. */
  add(sources: Iterable<string>): void
  /** From now on nothing is known: somebody else has changed the store, or a write has failed midway. */
  forget(): void
}

/**
 * A Bloom filter of 8 MiB: of a million sources hardly one that is not stored is taken for one that may be, of ten million one in fifty, which
 * then is looked up. What is removed stays in it. All bits of a source are in one page, because the first look at a page of fresh memory
 * takes longer than all else here.
 */
const pages = 2 ** 11
const pageBits = 2 ** 15
const bitsPerSource = 7

/** The bits of a source: the first 16-bit words of its SHA-256. Read from characters, one a byte: a Buffer takes longer to make than the hash. */
function bitsOf(source: string): number[] {
  const digest = hash('sha256', source, 'binary')
  const wordAt = (at: number): number => digest.charCodeAt(at) | (digest.charCodeAt(at + 1) << 8)
  const page = wordAt(0) % pages
  const bits: number[] = []
  for (let word = 1; word <= bitsPerSource; word++) bits.push(page * pageBits + (wordAt(2 * word) % pageBits))
  return bits
}

/** Knows that there is nothing in an empty store; knows nothing of another. */
export function createKnownSources(storeIsEmpty: boolean): KnownSources {
  let filter = storeIsEmpty ? new Uint8Array((pages * pageBits) / 8) : undefined
  return {
    mayHold(source) {
      const bits = filter
      return bits === undefined || bitsOf(source).every((bit) => ((bits[bit >> 3] as number) & (1 << (bit & 7))) !== 0)
    },
    add(sources) {
      if (filter === undefined) return
      for (const source of sources) {
        for (const bit of bitsOf(source)) filter[bit >> 3] = (filter[bit >> 3] as number) | (1 << (bit & 7))
      }
    },
    forget() {
      filter = undefined
    },
  }
}
