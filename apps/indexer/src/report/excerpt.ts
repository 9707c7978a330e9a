import { wordsOf } from '@quern/core'

/** A word of an excerpt, with what stands around it. */
export interface ExcerptWord {
  readonly text: string
  /** Whether it is one of the words that were asked for. */
  readonly matches: boolean
}

/** Bounds of an excerpt. */
export interface ExcerptOptions {
  /** Most characters in a line. */
  readonly width: number
  readonly isMatch: (word: string) => boolean
}

const mostLines = 3
const ellipsis: ExcerptWord = { text: '…', matches: false }
/** Words in front of the first match that are shown, too. */
const wordsBefore = 6
const shortestWord = 3

/** The commonest words of English questions: they say nothing about a text. */
const commonWords: ReadonlySet<string> = new Set(
  'the and for are can how what when where which who why does did was were with that this from into have has had not you your may will'.split(
    ' ',
  ),
)

/** Whether a word is one of the query's, or begins with one of four letters or more (`restore`, `restored`). */
export function wordMatcher(query: string): (word: string) => boolean {
  const wanted = new Set(wordsOf(query).filter((word) => word.length >= shortestWord && !commonWords.has(word)))
  const long = [...wanted].filter((word) => word.length > shortestWord)
  return (text) => wordsOf(text).some((word) => wanted.has(word) || long.some((start) => word.startsWith(start)))
}

/** The words of a text; those that are longer than a line (or a text without spaces) in pieces. */
function splitWords(text: string, { width, isMatch }: ExcerptOptions): ExcerptWord[] {
  return Array.from(text.matchAll(/\S+/g), ([word]) => {
    const characters = Array.from(word)
    const pieces = Array.from({ length: Math.ceil(characters.length / width) }, (_, piece) =>
      characters.slice(piece * width, (piece + 1) * width).join(''),
    )
    return pieces.map((piece) => ({ text: piece, matches: isMatch(piece) }))
  }).flat()
}

/** Where the excerpt begins: a little before the window with the most distinct matches; at the beginning where that is as good. */
function startOf(words: readonly ExcerptWord[], characters: number): number {
  let best = { start: 0, matches: 0 }
  for (let start = 0; start < words.length; start++) {
    if (start > 0 && words[start]?.matches !== true) continue
    const first = Math.max(0, start - wordsBefore)
    const distinct = new Set<string>()
    let length = 0
    for (let at = first; at < words.length && length < characters; at++) {
      const { text, matches } = words[at] as ExcerptWord
      length += text.length + 1
      if (matches && length <= characters) distinct.add(wordsOf(text).join(' '))
    }
    if (distinct.size > best.matches) best = { start: first, matches: distinct.size }
  }
  return best.start
}

/** Words in at most three lines, and whether all of them found a place. */
function fillLines(
  words: readonly ExcerptWord[],
  width: number,
): { readonly lines: ExcerptWord[][]; readonly whole: boolean } {
  const lines: ExcerptWord[][] = []
  let line: ExcerptWord[] = []
  let length = 0
  for (const word of words) {
    if (line.length > 0 && length + 1 + word.text.length > width) {
      lines.push(line)
      if (lines.length === mostLines) return { lines, whole: false }
      line = []
      length = 0
    }
    length += word.text.length + (line.length > 0 ? 1 : 0)
    line.push(word)
  }
  return { lines: line.length > 0 ? [...lines, line] : lines, whole: true }
}

function endWithEllipsis(line: ExcerptWord[], width: number): void {
  const length = (): number => line.reduce((sum, { text }) => sum + text.length + 1, 0) + ellipsis.text.length
  while (line.length > 1 && length() > width) line.pop()
  line.push(ellipsis)
}

/** The part of a text with the most of the words that match, in at most three lines; what is left out shows as `…`. */
export function excerpt(text: string, options: ExcerptOptions): ExcerptWord[][] {
  const { width } = options
  const words = splitWords(text, options)
  const start = startOf(words, mostLines * width)
  const shown = start > 0 ? [ellipsis, ...words.slice(start)] : words
  const { lines, whole } = fillLines(shown, width)
  if (!whole) endWithEllipsis(lines.at(-1) ?? [], width)
  return lines
}
