import { codePointFloor } from '../text/graphemes.ts'
import { isSpace, type TextRange } from '../text/text-range.ts'
import type { OpenFence } from './section.ts'

/** What a line of Markdown outside a fence is, as far as structure goes. Titles are still Markdown. */
export type LineKind =
  | { readonly kind: 'blank' | 'text' | 'item' | 'other' }
  | { readonly kind: 'heading'; readonly level: number; readonly title: string }
  | { readonly kind: 'underline'; readonly level: number }
  | { readonly kind: 'fence'; readonly fence: OpenFence }

const blank: LineKind = { kind: 'blank' }
/** A line of a paragraph: the only kind that a setext underline makes a heading of. */
const text: LineKind = { kind: 'text' }
const item: LineKind = { kind: 'item' }
/** An indented line, a quotation, a table row, HTML. */
const other: LineKind = { kind: 'other' }

const tab = 9
const space = 32
const backtick = 96
const tilde = 126
const hash = 35
const equals = 61
const dash = 45
const longestTitle = 300
const longestLanguage = 24

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

/** Offset after spaces and tabs. */
function afterIndent(source: string, start: number, end: number): number {
  let offset = start
  while (offset < end && (source.charCodeAt(offset) === space || source.charCodeAt(offset) === tab)) offset++
  return offset
}

function isDeep(source: string, start: number, offset: number): boolean {
  return offset - start > 3 || source.slice(start, offset).includes('\t')
}

function atxHeading(source: string, start: number, end: number): LineKind {
  const level = runLength(source, start, end)
  const after = start + level
  if (level > 6 || (after < end && !isSpace(source.charCodeAt(after)))) return text
  const title = source.slice(after, codePointFloor(source, Math.min(end, after + longestTitle))).trim()
  return { kind: 'heading', level, title: title.replace(/(?:^|(?<=[ \t]))#+$/, '').trim() }
}

/** The fence that the line opens, if its text begins at `offset` with one. */
function openedFence(source: string, line: TextRange, offset: number): LineKind | undefined {
  const mark = source.charCodeAt(offset)
  if (mark !== backtick && mark !== tilde) return undefined
  const length = runLength(source, offset, line.end)
  const after = offset + length
  if (length < 3 || (mark === backtick && source.slice(after, line.end).includes('`'))) return undefined
  const [, language = ''] =
    /^\s*\{?\.?([^\s{}.,]*)/.exec(source.slice(after, Math.min(line.end, after + longestLanguage))) ?? []
  const fence = { mark, length, isDeep: isDeep(source, line.start, offset), language: language.toLowerCase() }
  return { kind: 'fence', fence }
}

function isItem(source: string, offset: number): boolean {
  return /^(?:[-*+]|\d{1,9}[.)])(?:\s|$)/.test(source.slice(offset, offset + 11))
}

/** Not a quotation, a table row or HTML, nor like a list item. */
function isParagraphStart(source: string, offset: number): boolean {
  return !/^(?:[-*+>|<]|\d{1,9}[.)])/.test(source.slice(offset, offset + 10))
}

/** Kind of the line from `start` to `end`, its line end not included. Fences and items may be indented by any depth in a list. */
export function classifyLine(source: string, line: TextRange, inList: boolean): LineKind {
  const { start, end } = line
  const offset = afterIndent(source, start, end)
  if (offset === end) return blank
  const code = source.charCodeAt(offset)
  if (isSpace(code) && isBlank(source, offset, end)) return blank
  if (isDeep(source, start, offset)) {
    if (!inList) return other
    return openedFence(source, line, offset) ?? (isItem(source, offset) ? item : other)
  }
  if (code === hash) return atxHeading(source, offset, end)
  if (code === backtick || code === tilde) return openedFence(source, line, offset) ?? text
  if (code === equals || code === dash) {
    const length = runLength(source, offset, end)
    if (isBlank(source, offset + length, end)) return { kind: 'underline', level: code === equals ? 1 : 2 }
  }
  if (isItem(source, offset)) return item
  return isParagraphStart(source, offset) ? text : other
}

/** Whether the line closes the fence. */
export function closesFence(source: string, line: TextRange, fence: OpenFence): boolean {
  const offset = afterIndent(source, line.start, line.end)
  if (source.charCodeAt(offset) !== fence.mark || (!fence.isDeep && isDeep(source, line.start, offset))) return false
  const run = runLength(source, offset, line.end)
  return run >= fence.length && isBlank(source, offset + run, line.end)
}

/** Whether the line begins with a space or a tab. */
export function isIndented(source: string, line: TextRange): boolean {
  return afterIndent(source, line.start, line.end) > line.start
}
