import type { RenderedMarkup } from './markup.ts'
import { headingLine } from './markup.ts'

const headline =
  /^(\*+)[ \t]+(?:(?:TODO|DONE|NEXT|WAITING|CANCELLED)[ \t]+)?(?:\[#[A-Z]\][ \t]+)?(.*?)(?:[ \t]+:[\w@#%:]+:)?[ \t]*$/
const keyword = /^#\+(title|author|date|language|description|filetags|keywords):[ \t]*(\S.*)$/i
const beginBlock = /^(\s*)#\+begin_(src|example)[ \t]*([\w+#-]*)/i
const endBlock = /^(\s*)#\+end_(?:src|example)/i
const drawerLine = /^\s*:[\w-]+:[ \t]*$/
const otherLine = /^\s*#(?:\+|[ \t]|$)/

/**
 * Renders an Org document: headlines become Markdown headings without their state, priority and tags, source blocks become fences,
 * keywords at the top (`#+title:`) metadata. Comments, other keywords and drawers become blank lines.
 */
export function renderOrg(text: string): RenderedMarkup {
  const declared: Record<string, string> = {}
  let inBlock = false
  let inDrawer = false
  const lines = text.split('\n').map((line) => {
    if (inBlock) {
      const [, indent] = endBlock.exec(line) ?? []
      inBlock = indent === undefined
      return indent === undefined ? line : `${indent}\`\`\``
    }
    const [, indent, kind, language = ''] = beginBlock.exec(line) ?? []
    if (indent !== undefined) {
      inBlock = true
      return `${indent}\`\`\`${kind?.toLowerCase() === 'src' ? language : ''}`
    }
    if (drawerLine.test(line)) {
      inDrawer = line.trim().toUpperCase() !== ':END:'
      return ''
    }
    if (inDrawer) return ''
    const [, key, value] = keyword.exec(line) ?? []
    if (key !== undefined && value !== undefined) declared[key.toLowerCase()] ??= value
    if (otherLine.test(line)) return ''
    const [, stars = '', title = ''] = headline.exec(line) ?? []
    return stars === '' || title === '' ? line : headingLine(stars.length, title)
  })
  return { text: lines.join('\n'), declared }
}
