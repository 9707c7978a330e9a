/** Strings in order: an array, or what makes each of them from bytes when it is asked for. */
export interface StringList extends Iterable<string> {
  readonly length: number
  /** Undefined beyond the end. */
  at(index: number): string | undefined
}

/**
 * A list of `length` strings that `make` makes, each when it is asked for. Ids and hashes of chunks are kept as bytes: as strings they would be most
 * of what a large store has in the heap, made whenever it is opened, and few are ever asked for.
 */
export function createStringList(length: number, make: (index: number) => string): StringList {
  return {
    length,
    at: (index) => (index < length ? make(index) : undefined),
    *[Symbol.iterator]() {
      for (let index = 0; index < length; index++) yield make(index)
    },
  }
}
