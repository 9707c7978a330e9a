import { longestMarkup } from './markup.ts'

const begin = /^\s*\\(?:part|chapter|(?:sub){0,2}section|(?:sub)?paragraph|title|author|date)\*?(?:\[[^\]]*\])?\{/
const comment = /(^|[^\\])%.*$/
/** A title may be broken into so many lines. */
const mostLines = 6

/** Braces that a line leaves open; less than 0 where it closes more than it opens. */
function openBraces(line: string): number {
  let open = 0
  for (const [mark] of line.matchAll(/\\.|[{}]/g)) open += mark === '{' ? 1 : mark === '}' ? -1 : 0
  return open
}

/** A line as TeX reads it: a comment takes the line end and the blanks that begin the next line with it. */
function uncommented(line: string): string {
  return comment.test(line) ? line.replace(comment, '$1') : `${line} `
}

/** A command that stands on several lines, as one line, and how many lines those are. */
export interface JoinedCommand {
  readonly line: string
  readonly count: number
}

/**
 * The title, author, date or section command that begins on a line and ends on a later one (generators break them before their label). Undefined where
 * none begins there, where it ends on its own line, and where it does not end soon.
 */
export function joinTexCommand(lines: readonly string[], index: number): JoinedCommand | undefined {
  if (!begin.test((lines[index] ?? '').slice(0, longestMarkup))) return undefined
  let line = ''
  for (let count = 1; count <= mostLines && index + count <= lines.length; count++) {
    const next = lines[index + count - 1] ?? ''
    if (next.length > longestMarkup) return undefined
    line += uncommented(count === 1 ? next : next.trimStart())
    if (openBraces(line) > 0) continue
    return count === 1 ? undefined : { line: line.trimEnd(), count }
  }
  return undefined
}
