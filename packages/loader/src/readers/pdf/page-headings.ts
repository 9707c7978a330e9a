import type { OutlineEntry } from './read-outline.ts'

/** A heading that stands on some lines of a page. */
export interface PageHeading {
  /** Index of its first line, and of the first line after it. */
  readonly from: number
  readonly to: number
  readonly level: number
}

/** A title may be broken into so many lines. */
const mostLines = 3
/** Longest title and line that are compared. */
const longestTitle = 500
/** More entries that lead to one page are no headings on it. */
const mostEntries = 200
/** `1.2`, `IV.`, `Chapter 3:`: what stands before a title on the page, or in the outline, but not in both. */
const numbering =
  /^(?:(?:chapter|section|appendix|part|kapitel|chapitre)\s+)?(?:\d+|[ivxlc]+|[a-z])?(?:\.\d+)*[.:)]?\s+/

function words(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[\s\u00A0]+/g, ' ')
    .trim()
}

function bare(text: string): string {
  return text.replace(numbering, '')
}

/** Lines from `from` on that together are the title, or undefined. All in the form of `words`; undefined lines are too long. */
function matchAt(lines: readonly (string | undefined)[], from: number, title: string): number | undefined {
  let text = ''
  for (let to = from + 1; to <= Math.min(from + mostLines, lines.length); to++) {
    const line = lines[to - 1]
    if (line === undefined) return undefined
    text = text === '' ? line : `${text} ${line}`
    if (text === title || bare(text) === bare(title)) return to
    if (text.length > title.length + 40) return undefined
  }
  return undefined
}

/**
 * Where the outline's entries for a page stand in its lines: each after the one before, at the first lines that have its words, numbers in
 * front apart. An entry whose words the page does not have is left out.
 */
export function findHeadings(lines: readonly string[], entries: readonly OutlineEntry[]): PageHeading[] {
  const headings: PageHeading[] = []
  if (entries.length === 0) return headings
  const compared = lines.map((line) => (line.length > longestTitle ? undefined : words(line)))
  for (const { title: asWritten, level } of entries.slice(0, mostEntries)) {
    const title = words(asWritten)
    if (bare(title) === '' || title.length > longestTitle) continue
    for (let from = headings.at(-1)?.to ?? 0; from < lines.length; from++) {
      const to = matchAt(compared, from, title)
      if (to === undefined) continue
      headings.push({ from, to, level })
      break
    }
  }
  return headings
}
