const fence = /^ {0,3}(`{3,}|~{3,})(.*)$/
const atxHeading = /^ {0,3}#[ \t]+(.*)$/
const setextLine = /^ {0,3}=+[ \t]*$/
const noParagraph = /^(?: {4}|\t| {0,3}(?:[#>|]|[-*+][ \t]|\d+[.)][ \t]))/

/** A longer line is no title; the bound also keeps the patterns below cheap. */
const longestTitle = 500

function withoutClosingHashes(heading: string): string {
  const trimmed = heading.trimEnd()
  let end = trimmed.length
  while (trimmed[end - 1] === '#') end--
  return end === 0 || /[ \t]/.test(trimmed[end - 1] ?? '') ? trimmed.slice(0, end) : trimmed
}

function plainText(heading: string): string {
  if (heading.length > longestTitle) return ''
  return withoutClosingHashes(heading)
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*]/g, '')
    .replace(/\{#[^}]*\}$/, '')
    .trim()
}

/** Whether a line closes the fence that was opened with `open`. */
function closes(open: string, found: RegExpExecArray | null): boolean {
  const [, mark = '', info = ''] = found ?? []
  return mark.startsWith(open) && info.trim() === ''
}

/** The text of the first level-one heading (`# Title`, or a line underlined with `=`) outside fenced code, or undefined. */
export function firstHeading(markdown: string): string | undefined {
  let openFence: string | undefined
  let before = ''
  for (let start = 0; start < markdown.length;) {
    const newline = markdown.indexOf('\n', start)
    const end = newline === -1 ? markdown.length : newline
    const line = markdown.slice(start, end)
    start = end + 1
    const mark = fence.exec(line)
    if (openFence !== undefined) {
      if (closes(openFence, mark)) openFence = undefined
      continue
    }
    if (mark !== null) {
      openFence = mark[1]
      continue
    }
    const underlined = setextLine.test(line) && before.trim() !== '' && !noParagraph.test(before)
    const title = plainText(underlined ? before : (atxHeading.exec(line)?.[1] ?? ''))
    if (title !== '') return title
    before = line
  }
  return undefined
}
