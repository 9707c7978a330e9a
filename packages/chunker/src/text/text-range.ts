/** A stretch of a text: offsets in UTF-16 code units, `start` inclusive, `end` exclusive. */
export interface TextRange {
  readonly start: number
  readonly end: number
}

/** Whether a UTF-16 code unit is white space for `String.prototype.trim`. */
export function isSpace(code: number): boolean {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13)
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  )
}

/** First offset from `start` that is not white space, or `end`. */
export function skipSpace(text: string, start: number, end: number): number {
  let offset = start
  while (offset < end && isSpace(text.charCodeAt(offset))) offset++
  return offset
}

/** The range without the white space around it, or undefined if nothing else is in it. */
export function trimRange(text: string, range: TextRange): TextRange | undefined {
  const start = skipSpace(text, range.start, range.end)
  if (start === range.end) return undefined
  let end = range.end
  while (isSpace(text.charCodeAt(end - 1))) end--
  return { start, end }
}
