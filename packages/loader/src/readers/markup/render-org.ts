import type { RenderedMarkup } from './markup.ts'
import { headingLine, longestMarkup } from './markup.ts'

const headline =
  /^(\*+)[ \t]+(?:(?:TODO|DONE|NEXT|WAITING|CANCELLED)[ \t]+)?(?:\[#[A-Z]\][ \t]+)?(.*?)(?:[ \t]+:[\w@#%:]+:)?[ \t]*$/
const keyword = /^#\+(title|author|date|language|description|filetags|keywords):[ \t]*(\S.*)$/i
const beginBlock = /^(\s*)#\+begin_(src|example)[ \t]*([\w+#-]*)/i
const endBlock = /^(\s*)#\+end_(?:src|example)/i
const drawerLine = /^\s*:[\w-]+:[ \t]*$/
const drawerEnd = /^\s*:END:[ \t]*$/i
const otherLine = /^\s*#(?:\+|[ \t]|$)/

/** What stands at the end of a drawer that begins on line `from`: an index, or undefined where that is none but a line of text. */
function endOfDrawer(lines: readonly string[], from: number): number | undefined {
  for (let index = from + 1; index < lines.length; index++) {
    const line = lines[index] ?? ''
    if (line.length > longestMarkup) continue
    if (drawerEnd.test(line)) return index
    // Neither another drawer nor a headline can stand in one.
    if (drawerLine.test(line) || /^\*+[ \t]/.test(line)) return undefined
  }
  return undefined
}

/** A line outside blocks and drawers. */
function renderLine(line: string, declared: Record<string, string>): string {
  const [, key, value] = keyword.exec(line) ?? []
  if (key !== undefined && value !== undefined) declared[key.toLowerCase()] ??= value
  if (otherLine.test(line)) return ''
  const [, stars = '', title = ''] = headline.exec(line) ?? []
  return stars === '' || title === '' ? line : headingLine(stars.length, title)
}

/**
 * Renders an Org document: headlines become Markdown headings without their state, priority and tags, source blocks become fences,
 * keywords at the top (`#+title:`) metadata. Comments, other keywords and drawers become blank lines.
 */
export function renderOrg(text: string): RenderedMarkup {
  const declared: Record<string, string> = {}
  const lines = text.split('\n')
  let inBlock = false
  let drawerUntil = -1
  for (const [index, line] of lines.entries()) {
    if (line.length > longestMarkup) continue
    if (inBlock) {
      const [, indent] = endBlock.exec(line) ?? []
      if (indent === undefined) continue
      inBlock = false
      lines[index] = `${indent}\`\`\``
      continue
    }
    const [, indent, kind, language = ''] = beginBlock.exec(line) ?? []
    if (indent !== undefined) {
      inBlock = true
      lines[index] = `${indent}\`\`\`${kind?.toLowerCase() === 'src' ? language : ''}`
      continue
    }
    const opensDrawer = index > drawerUntil && drawerLine.test(line) && !drawerEnd.test(line)
    if (opensDrawer) drawerUntil = endOfDrawer(lines, index) ?? drawerUntil
    lines[index] = index <= drawerUntil ? '' : renderLine(line, declared)
  }
  return { text: lines.join('\n'), declared }
}
