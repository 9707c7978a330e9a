import type { TextRange } from '../text/text-range.ts'

/** A longer line is not looked at: no chunk could hold it and a row. */
const longestLine = 4096
const rule = /^:?-+:?$/

/** The cells of a row of a Markdown table, without the pipes around them. */
function cellsOf(line: string): string[] {
  const cells = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
  return cells.split(/(?<!\\)\|/)
}

/** Whether the line below the head of a table can be this one: cells of dashes, and a pipe. */
function mayBeRule(text: string, { start, end }: TextRange): boolean {
  let [hasPipe, hasDash] = [false, false]
  for (let offset = start; offset < end; offset++) {
    const code = text.charCodeAt(offset)
    if (code === 124) hasPipe = true
    else if (code === 45) hasDash = true
    else if (code !== 32 && code !== 9 && code !== 58) return false
  }
  return hasPipe && hasDash
}

/**
 * Whether two neighbouring lines are the head of a table of GitHub Flavored Markdown: one with pipes, and below it as many cells of dashes.
 */
export function isTableHead(text: string, head: TextRange, below: TextRange): boolean {
  if (below.end - below.start > longestLine || head.end - head.start > longestLine) return false
  if (!mayBeRule(text, below)) return false
  const line = text.slice(head.start, head.end)
  if (!line.includes('|')) return false
  const rules = cellsOf(text.slice(below.start, below.end))
  return rules.every((cell) => rule.test(cell.trim())) && rules.length === cellsOf(line).length
}
