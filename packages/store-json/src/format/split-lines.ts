/**
 * How chunks stand one after another: as `lines` with the source's seal behind them, in a chunk file; or as `entries` of the array in
 * the file that is a whole store, each over several lines, with a comma between them.
 */
export type LineForm = 'lines' | 'entries'

/** A chunk as it is written, from its opening to its closing brace, and where it begins. */
export interface WrittenChunk {
  readonly bytes: Buffer
  readonly start: number
}

/** Bytes between a chunk and the next one, but for the blanks before its brace. */
export const bytesBetween: Readonly<Record<LineForm, number>> = { lines: '\n'.length, entries: ',\n'.length }

const newline = 0x0a
/** What stands between the closing brace of an entry and the opening one of the next. A string of JSON holds no line feed. */
const betweenEntries = Buffer.from('\n    },\n    {\n')
const closeOfEntry = '\n    }'.length
const openOfEntry = '    {\n'.length
const indent = 4

function splitSealed(range: Buffer): WrittenChunk[] {
  const chunks: WrittenChunk[] = []
  let start = 0
  for (let end = range.indexOf(newline); end >= 0; end = range.indexOf(newline, start)) {
    chunks.push({ bytes: range.subarray(start, end), start })
    start = end + 1
  }
  // The last line is the seal.
  return chunks.slice(0, -1)
}

function splitEntries(range: Buffer): WrittenChunk[] {
  const chunks: WrittenChunk[] = []
  let start = 0
  while (start < range.length) {
    const between = range.indexOf(betweenEntries, start)
    const end = between < 0 ? range.length : between + closeOfEntry
    chunks.push({ bytes: range.subarray(start + indent, end), start: start + indent })
    start = between < 0 ? range.length : between + betweenEntries.length - openOfEntry
  }
  return chunks
}

/** The chunks in the bytes of a source's range. */
export function splitLines(range: Buffer, form: LineForm): WrittenChunk[] {
  return form === 'lines' ? splitSealed(range) : splitEntries(range)
}
