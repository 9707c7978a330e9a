/** How a slab is laid out. */
export interface SlabShape {
  /** Numbers from the start of a row to that of the next: a multiple of 16. */
  readonly stride: number
  /** Most rows of the slab. */
  readonly rows: number
  /** Most rows that are compared in one go. */
  readonly rowsAtOnce: number
}

/** Some rows side by side in one piece of memory, and the way to compare them. */
export interface RowSlab {
  /** Makes room for so many rows. Rows that are there keep their numbers, new ones are zero. */
  reserve(rows: number): void
  /** The numbers of `count` rows from `first` on, for reading and writing until the next `reserve`. */
  view(first: number, count: number): Float32Array<ArrayBuffer>
  /**
   * Dot products of `query` (`stride` numbers) with `count` rows from `first` on, at most `rowsAtOnce`, in single precision. To be read
   * before the next call.
   */
  dots(query: Float32Array, first: number, count: number): Float32Array
}

/** The dot product of four interleaved sums: they do not wait for one another. */
function dotAt(rows: Float32Array, start: number, query: Float32Array): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let i = 0; i < query.length; i += 4) {
    const at = start + i
    a += (rows[at] as number) * (query[i] as number)
    b += (rows[at + 1] as number) * (query[i + 1] as number)
    c += (rows[at + 2] as number) * (query[i + 2] as number)
    d += (rows[at + 3] as number) * (query[i + 3] as number)
  }
  return a + b + (c + d)
}

/** A slab that needs nothing but JavaScript. */
export function createPlainSlab({ stride, rows: mostRows, rowsAtOnce }: SlabShape): RowSlab {
  let numbers = new Float32Array(0)
  const results = new Float32Array(rowsAtOnce)

  return {
    reserve(rows) {
      if (rows * stride <= numbers.length) return
      const grown = Math.min(mostRows, Math.max(rows, Math.ceil((numbers.length / stride) * 1.5)))
      const before = numbers
      numbers = new Float32Array(grown * stride)
      numbers.set(before)
    },
    view: (first, count) => numbers.subarray(first * stride, (first + count) * stride),
    dots(query, first, count) {
      for (let i = 0; i < count; i++) results[i] = dotAt(numbers, (first + i) * stride, query)
      return results.subarray(0, count)
    },
  }
}
