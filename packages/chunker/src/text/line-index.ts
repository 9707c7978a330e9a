/** Line number of an offset in the text that the index was made from. */
export type LineIndex = (offset: number) => number

/** Numbers lines from `firstLine` on. Finds every `\n` once; each look-up is a binary search. */
export function createLineIndex(text: string, firstLine: number): LineIndex {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  const ends = new Uint32Array(count)
  let at = -1
  for (let line = 0; line < count; line++) {
    at = text.indexOf('\n', at + 1)
    ends[line] = at
  }
  return (offset) => {
    let low = 0
    let high = count
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((ends[middle] as number) < offset) low = middle + 1
      else high = middle
    }
    return low + firstLine
  }
}
