const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** In UTF-16 code units. Longer clusters, such as a letter under hundreds of accents, may be cut between code points. */
export const longestGrapheme = 64
const longestLook = 4096
/** No character before this one joins the one before it, line ends apart. */
const firstCombining = 0x300

/** `offset`, or the one before it where it lies inside a surrogate pair. */
export function codePointFloor(text: string, offset: number): number {
  const inPair = (text.charCodeAt(offset) & 0xfc00) === 0xdc00 && (text.charCodeAt(offset - 1) & 0xfc00) === 0xd800
  return inPair ? offset - 1 : offset
}

/** The offset after the code point at `offset`. */
export function codePointEnd(text: string, offset: number): number {
  return offset + ((text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1)
}

/** The last offset up to `offset` that lies between two graphemes, given that `start` does: `start` itself at the least. */
export function graphemeFloor(text: string, start: number, offset: number): number {
  if (offset <= start || offset >= text.length) return offset
  if (text.charCodeAt(offset - 1) < firstCombining && text.charCodeAt(offset) < firstCombining) return offset
  const low = Math.max(start, codePointFloor(text, offset - longestLook))
  const found = segmenter.segment(text.slice(low, offset + longestGrapheme)).containing(offset - low)
  const isWhole = found !== undefined && found.segment.length <= longestGrapheme
  return isWhole ? low + found.index : codePointFloor(text, offset)
}

/** The end of the grapheme that starts at `start`, or of its first code point if it is overlong. */
export function graphemeEnd(text: string, start: number): number {
  const found = segmenter.segment(text.slice(start, start + longestGrapheme + 1)).containing(0)
  const length = found?.segment.length ?? 0
  return length > 0 && length <= longestGrapheme ? start + length : codePointEnd(text, start)
}
