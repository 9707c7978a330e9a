import { hash } from 'node:crypto'

/**
 * Which keys a store may hold, as long as a writer can know it without looking: it has the store to itself, and began with an empty one or
 * has listed what is there. So a long run need not ask of each source, nor of each text, whether it is there already.
 */
export interface KnownKeys {
  /** Whether all that is stored is known, so that `mayHold` can say no. */
  isComplete(): boolean
  /** Whether a key may be stored; always true when nothing is known. */
  mayHold(key: string): boolean
  /** Keys that are stored from now on. */
  add(keys: Iterable<string>): void
  /** From now on nothing is known: somebody else has changed the store, or a write has failed midway. */
  forget(): void
}

/** Gives a 16-bit word of the SHA-256 of a key, by its place from 0 on. */
type WordsOf = (key: string) => (place: number) => number

/**
 * Bloom filters: the first one, of 128 KiB, for as many keys as most runs have, then one of 8 MiB. Of a million keys hardly one that is not stored
 * is taken for one that may be, of ten million one in fifty, which then is looked up. What is removed stays in them. All bits of a key are in
 * one page, because the first look at a page of fresh memory takes longer than all else here; that is why the first filter is small.
 */
const firstPages = 2 ** 5
const firstKeys = 20_000
const pages = 2 ** 11
const pageBits = 2 ** 15
const bitsPerKey = 7

function bitsOf(wordAt: ReturnType<WordsOf>, filter: Uint8Array): number[] {
  const page = wordAt(0) % ((filter.length * 8) / pageBits)
  const bits: number[] = []
  for (let word = 1; word <= bitsPerKey; word++) bits.push(page * pageBits + (wordAt(word) % pageBits))
  return bits
}

function createKnownKeys(storeIsEmpty: boolean, wordsOf: WordsOf): KnownKeys {
  let isComplete = storeIsEmpty
  let filters: Uint8Array[] = []
  let room = 0
  const filterWithRoom = (): Uint8Array => {
    if (room === 0) {
      const isFirst = filters.length === 0
      filters.push(new Uint8Array(((isFirst ? firstPages : pages) * pageBits) / 8))
      room = isFirst ? firstKeys : Number.POSITIVE_INFINITY
    }
    room--
    return filters.at(-1) as Uint8Array
  }
  return {
    isComplete: () => isComplete,
    mayHold(key) {
      if (!isComplete) return true
      const wordAt = wordsOf(key)
      return filters.some((filter) =>
        bitsOf(wordAt, filter).every((bit) => ((filter[bit >> 3] as number) & (1 << (bit & 7))) !== 0),
      )
    },
    add(keys) {
      if (!isComplete) return
      for (const key of keys) {
        const filter = filterWithRoom()
        for (const bit of bitsOf(wordsOf(key), filter))
          filter[bit >> 3] = (filter[bit >> 3] as number) | (1 << (bit & 7))
      }
    },
    forget() {
      isComplete = false
      filters = []
    },
  }
}

/** Ids of sources. Knows that there is none in an empty store; knows nothing of another. */
export function createKnownSources(storeIsEmpty: boolean): KnownKeys {
  return createKnownKeys(storeIsEmpty, (source) => {
    // Read from characters, one a byte: a Buffer takes longer to make than the hash.
    const digest = hash('sha256', source, 'binary')
    return (place) => digest.charCodeAt(2 * place) | (digest.charCodeAt(2 * place + 1) << 8)
  })
}

/** Hashes of texts, which are SHA-256 in hex already. Likewise. */
export function createKnownTexts(storeIsEmpty: boolean): KnownKeys {
  return createKnownKeys(
    storeIsEmpty,
    (textHash) => (place) => Number.parseInt(textHash.slice(4 * place, 4 * place + 4), 16),
  )
}
