import type { Pace } from '../pace.ts'

/**
 * Lists of texts, one for each word, that grow at their ends: which texts have the word, and how often. A list is a chain of blocks of
 * 32-bit numbers in pages that all lists share, each block twice as long as the one before it: short lists take little room, long ones are
 * read nearly in one piece.
 */
export interface Postings {
  /** Begins an empty list. Returns its number: 0, 1, 2, … */
  create(): number
  /** Adds to a list a text that has the word `count` times. Texts are added by ascending number, below 2²⁹. */
  append(list: number, text: number, count: number): void
  /** Visits the texts of a list in the order in which they were added. Nothing may be added meanwhile. */
  each(list: number, visit: (text: number, count: number) => void, pace: Pace): Promise<void>
}

const pageBits = 16
const pageSize = 2 ** pageBits
const offsetMask = pageSize - 1

/** Numbers in the first block of a list and in the longest blocks. The last number of a block says where the next one begins. */
const firstBlock = 2
const longestBlock = 512

/** A number of a block holds the text and, in these lowest bits, how often it has the word, less one; the next number does if they are all set. */
const countBits = 3
const manyTimes = 2 ** countBits - 1

/** An array with room for a number at `index`: the same, or one twice as long with the same numbers. */
export function withRoom(numbers: Uint32Array<ArrayBuffer>, index: number): Uint32Array<ArrayBuffer> {
  if (index < numbers.length) return numbers
  const longer = new Uint32Array(Math.max(1024, 2 * numbers.length))
  longer.set(numbers)
  return longer
}

/** No lists. */
export function createPostings(): Postings {
  const pages: Uint32Array[] = []
  let free = 0
  let freeEnd = 0
  let lists = 0
  // Of each list: where its first block begins, where the next number goes, where its last block ends, and how long that is.
  let starts = new Uint32Array(0)
  let tails = new Uint32Array(0)
  let links = new Uint32Array(0)
  let sizes = new Uint32Array(0)

  const takeBlock = (list: number, size: number): number => {
    if (free + size > freeEnd) {
      free = pages.length * pageSize
      freeEnd = free + pageSize
      pages.push(new Uint32Array(pageSize))
    }
    const start = free
    free += size
    tails[list] = start
    links[list] = free - 1
    sizes[list] = size
    return start
  }
  const push = (list: number, value: number): void => {
    const link = links[list] as number
    if (tails[list] === link) {
      const page = pages[link >>> pageBits] as Uint32Array
      page[link & offsetMask] = takeBlock(list, Math.min(2 * (sizes[list] as number), longestBlock))
    }
    const tail = tails[list] as number
    const page = pages[tail >>> pageBits] as Uint32Array
    page[tail & offsetMask] = value
    tails[list] = tail + 1
  }
  return {
    create() {
      const list = lists++
      starts = withRoom(starts, list)
      tails = withRoom(tails, list)
      links = withRoom(links, list)
      sizes = withRoom(sizes, list)
      starts[list] = takeBlock(list, firstBlock)
      return list
    },
    append(list, text, count) {
      push(list, ((text << countBits) | Math.min(count - 1, manyTimes)) >>> 0)
      if (count > manyTimes) push(list, count)
    },
    async each(list, visit, pace) {
      let block = starts[list] as number
      let size = firstBlock
      let counted: number | undefined
      for (;;) {
        const page = pages[block >>> pageBits] as Uint32Array
        const link = block + size - 1
        const isLast = link === links[list]
        const end = (isLast ? (tails[list] as number) : link) & offsetMask
        for (let at = block & offsetMask; at < end; at++) {
          const value = page[at] as number
          const count = value & manyTimes
          if (counted !== undefined) {
            visit(counted, value)
            counted = undefined
          } else if (count === manyTimes) counted = value >>> countBits
          else visit(value >>> countBits, count + 1)
        }
        if (isLast) return
        if (pace.due()) await pace.rest()
        block = page[link & offsetMask] as number
        size = Math.min(2 * size, longestBlock)
      }
    },
  }
}
