import { codePointFloor } from './graphemes.ts'
import { isSpace, type TextRange } from './text-range.ts'

/** The marks that open fenced code: a character code, and how often it stands there. */
export interface Fence {
  readonly mark: number
  readonly length: number
}

/** What a line of Markdown outside a fence is, as far as headings go. Titles are still Markdown. */
export type LineKind =
  | { readonly kind: 'blank' | 'text' | 'other' }
  | { readonly kind: 'heading'; readonly level: number; readonly title: string }
  | { readonly kind: 'underline'; readonly level: number }
  | ({ readonly kind: 'fence' } & Fence)

const blank: LineKind = { kind: 'blank' }
/** A line of a paragraph: the only kind that a setext underline makes a heading of. */
const text: LineKind = { kind: 'text' }
const other: LineKind = { kind: 'other' }

const backtick = 96
const tilde = 126
const hash = 35
const equals = 61
const dash = 45
const longestTitle = 300

function runLength(source: string, start: number, end: number): number {
  const mark = source.charCodeAt(start)
  let offset = start
  while (offset < end && source.charCodeAt(offset) === mark) offset++
  return offset - start
}

function isBlank(source: string, start: number, end: number): boolean {
  for (let offset = start; offset < end; offset++) if (!isSpace(source.charCodeAt(offset))) return false
  return true
}

/** Offset after up to three spaces; undefined for an indented line. */
function afterIndent(source: string, start: number, end: number): number | undefined {
  let offset = start
  while (offset < end && offset - start < 4 && source.charCodeAt(offset) === 32) offset++
  return offset - start === 4 || source.charCodeAt(offset) === 9 ? undefined : offset
}

function atxHeading(source: string, start: number, end: number): LineKind {
  const level = runLength(source, start, end)
  const after = start + level
  if (level > 6 || (after < end && !isSpace(source.charCodeAt(after)))) return text
  const title = source.slice(after, codePointFloor(source, Math.min(end, after + longestTitle))).trim()
  return { kind: 'heading', level, title: title.replace(/(?:^|(?<=[ \t]))#+$/, '').trim() }
}

/** Kind of the line from `start` to `end`, its line end not included. */
export function classifyLine(source: string, start: number, end: number): LineKind {
  const offset = afterIndent(source, start, end)
  if (offset === undefined) return isBlank(source, start, end) ? blank : other
  const code = source.charCodeAt(offset)
  if (offset === end) return blank
  if (code === hash) return atxHeading(source, offset, end)
  if (code === backtick || code === tilde) {
    const length = runLength(source, offset, end)
    if (length < 3) return text
    return code === backtick && source.slice(offset + length, end).includes('`')
      ? text
      : { kind: 'fence', mark: code, length }
  }
  if (code === equals || code === dash) {
    const length = runLength(source, offset, end)
    if (isBlank(source, offset + length, end)) return { kind: 'underline', level: code === equals ? 1 : 2 }
  }
  if (isSpace(code) && isBlank(source, offset, end)) return blank
  return isParagraphStart(source, offset) ? text : other
}

/** Not a list item, a quotation, a table row or HTML. */
function isParagraphStart(source: string, offset: number): boolean {
  return !/^(?:[-*+>|<]|\d{1,9}[.)])/.test(source.slice(offset, offset + 10))
}

/** Whether the line closes the fence. */
export function closesFence(source: string, line: TextRange, { mark, length }: Fence): boolean {
  const offset = afterIndent(source, line.start, line.end)
  if (offset === undefined || source.charCodeAt(offset) !== mark) return false
  const run = runLength(source, offset, line.end)
  return run >= length && isBlank(source, offset + run, line.end)
}
