import { headingLine } from '../markup/markup.ts'
import { findHeadings } from './page-headings.ts'
import type { OutlineEntry } from './read-outline.ts'

/** One line of a page, as PDFium gives it. */
export interface PageLine {
  readonly text: string
  /** Height of the baseline above the lower edge of the page, in points; undefined where not known. */
  readonly y: number | undefined
  /** In points. */
  readonly fontSize: number
}

/** PDFium writes this where it joins a word that was hyphenated at the line end. */
const join = '\uFFFE'

/** The dots between an entry of a table of contents and its page: many tokens that say nothing. */
const leaderDots = /(?: ?\.){5,} ?/g

const usualLeading = 12
const greatestLeading = 100
const paragraphGap = 1.25
const fontSizeStep = 1.5

/** Keeps tab; a font without a mapping leaves other control characters. */
function isKept(unit: number): boolean {
  return unit === 9 || (unit >= 32 && unit !== 127 && unit !== 0xfffe && unit !== 0xffff)
}

function cleanLine(text: string): string {
  let clean = ''
  let start = 0
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && isKept(text.charCodeAt(i))) continue
    clean += text.slice(start, i)
    start = i + 1
  }
  return clean.replaceAll(leaderDots, ' … ').trimEnd().toWellFormed()
}

function fall(upper: PageLine, lower: PageLine): number | undefined {
  return upper.y === undefined || lower.y === undefined ? undefined : upper.y - lower.y
}

/** The median distance of one line from the next below. */
function medianLeading(lines: readonly PageLine[]): number {
  const gaps: number[] = []
  let before: PageLine | undefined
  for (const line of lines) {
    const gap = before === undefined ? undefined : fall(before, line)
    if (gap !== undefined && gap > 0 && gap < greatestLeading) gaps.push(gap)
    before = line
  }
  gaps.sort((one, other) => one - other)
  return gaps[gaps.length >> 1] ?? usualLeading
}

function beginsParagraph(before: PageLine, line: PageLine, leading: number): boolean {
  if (Math.abs(line.fontSize - before.fontSize) > fontSizeStep) return true
  const gap = fall(before, line)
  if (gap === undefined) return false
  // A line with joined words stands for one line more for each.
  const spanned = before.text.split(join).length
  return gap > leading * spanned * paragraphGap || gap < -leading
}

/**
 * The text of a page from its lines. A blank line separates paragraphs: where lines stand further apart than is usual on the page,
 * where the text goes back up (a new column), or where the font size changes. Joined words lose their hyphen. Titles of the outline's
 * entries for the page become headings.
 */
export function joinLines(lines: readonly PageLine[], outline: readonly OutlineEntry[] = []): string {
  const cleaned = lines.map((line) => ({ line, text: cleanLine(line.text) })).filter(({ text }) => text.trim() !== '')
  const leading = medianLeading(cleaned.map(({ line }) => line))
  const texts = cleaned.map(({ text }) => text)
  const headings = new Map(findHeadings(texts, outline).map((heading) => [heading.from, heading]))
  const parts: string[] = []
  let before: PageLine | undefined
  let afterHeading = false
  for (let index = 0; index < cleaned.length; index++) {
    const { line, text } = cleaned[index] as (typeof cleaned)[number]
    const heading = headings.get(index)
    const apart =
      afterHeading || heading !== undefined || (before !== undefined && beginsParagraph(before, line, leading))
    if (before !== undefined) parts.push(apart ? '\n\n' : '\n')
    afterHeading = heading !== undefined
    if (heading === undefined) parts.push(text)
    else {
      const title = texts.slice(heading.from, heading.to).map((part) => part.trim())
      parts.push(headingLine(heading.level, title.join(' ')))
      index = heading.to - 1
    }
    before = cleaned[index]?.line
  }
  return parts.join('')
}
