import { type TextRange, trimRange } from '../text/text-range.ts'
import { weigh } from '../text/text-weight.ts'

const deepest = 32
/** A line that ends what stands above it begins nothing. */
const closer = /^(?:[)\]}>]|end\b|else\b|elif\b|except\b|catch\b|finally\b)/

/** Which lines may begin a piece: those below a blank line, the items of lists, or all. */
export type LineRule = 'below blank lines' | 'items' | 'all lines'

const rules: Readonly<Record<LineRule, RegExp>> = {
  'below blank lines': /\n[^\S\n]*\n([^\S\n]*)(?=\S)/g,
  items: /\n([^\S\n]*)(?=(?:[-*+•]|\d{1,9}[.)])\s)/g,
  'all lines': /\n([^\S\n]*)(?=\S)/g,
}

/** The offset of a line that may begin a piece, and how far it is indented. */
interface LineStart {
  readonly offset: number
  readonly indent: number
}

/** The lines of a range, but for its first, that may begin a piece. */
function lineStarts(text: string, { start, end }: TextRange, rule: LineRule): LineStart[] {
  const found: LineStart[] = []
  for (const { index, 0: gap, 1: indent = '' } of text.slice(start, end).matchAll(rules[rule])) {
    const offset = start + index + gap.length
    const mayBegin = !closer.test(text.slice(offset, offset + 8))
    if (mayBegin) found.push({ offset, indent: Math.min(indent.length, deepest) })
  }
  return found
}

/** Splits at the least indented of the lines, and what is still too long at the least indented of the others. */
function* splitAtLines(
  text: string,
  range: TextRange,
  starts: readonly LineStart[],
  limit: number,
): Generator<TextRange> {
  if (starts.length === 0 || weigh(text, range.start, range.end) <= limit) {
    yield range
    return
  }
  const least = starts.reduce((indent, line) => Math.min(indent, line.indent), deepest)
  let next = 0
  for (let start = range.start; start < range.end;) {
    const deeper: LineStart[] = []
    for (; (starts[next]?.indent ?? least) > least; next++) deeper.push(starts[next] as LineStart)
    const end = starts[next]?.offset ?? range.end
    next++
    const piece = trimRange(text, { start, end })
    if (piece !== undefined) yield* splitAtLines(text, piece, deeper, limit)
    start = end
  }
}

/** Splits a range that weighs more than `limit` before lines, the less indented first: what they hold stays with them where it fits. */
export function splitByIndent(
  text: string,
  range: TextRange,
  options: { readonly rule: LineRule; readonly limit: number },
): TextRange[] {
  return [...splitAtLines(text, range, lineStarts(text, range, options.rule), options.limit)]
}
