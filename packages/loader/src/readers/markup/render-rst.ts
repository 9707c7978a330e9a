import type { RenderedMarkup } from './markup.ts'
import { headingLine, longestMarkup } from './markup.ts'

/** A line of one punctuation character, at least three times: what underlines and overlines a title. */
const adornment = /^([!-/:-@[-`{-~])\1{2,}[ \t]*$/
const codeDirective = /^(\s*)\.\. (?:code-block|code|sourcecode)::[ \t]*([\w+#-]*)[ \t]*$/
const field = /^:(author|authors|date|title|lang|language):[ \t]+(\S.*)$/i

/** What version control writes into a field: `$Date: 2022-04-02 $`. */
const keyword = /^\$\w+: (.*\S) ?\$$/

/** Width in which a title and its underline are compared; wide characters count twice in reStructuredText, so this is a lower bound. */
function width(line: string): number {
  return Array.from(line.trimEnd()).length
}

function isTitleLine(line: string): boolean {
  return line.trim() !== '' && !adornment.test(line)
}

/** The character that underlines the title on line `index`, or undefined where that is no title. */
function underlineOf(lines: readonly string[], index: number): string | undefined {
  const line = lines[index] ?? ''
  const next = lines[index + 1] ?? ''
  if (line.length > longestMarkup || next.length > longestMarkup) return undefined
  const [, character] = adornment.exec(next) ?? []
  if (character === undefined || !isTitleLine(line)) return undefined
  const overlined = (lines[index - 1] ?? '').trimEnd() === next.trimEnd()
  if (/^\s/.test(line) && !overlined) return undefined
  return width(next) + 1 >= width(line.trim()) ? `${overlined ? 'over' : ''}${character}` : undefined
}

/**
 * Renders reStructuredText: titles become Markdown headings, the kinds of underline numbered in the order in which they are first met
 * (docutils: "reStructuredText Markup Specification", Sections). Directives and inline markup stay as they stand, comments too. Fields at the top
 * of the text (`:author: …`) are metadata.
 */
export function renderRst(text: string): RenderedMarkup {
  const lines = text.split('\n')
  const levels: string[] = []
  const declared: Record<string, string> = {}
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const isTop = levels.length <= 1 && line.length <= longestMarkup
    const [, key, value] = isTop ? (field.exec(line) ?? []) : []
    if (key !== undefined && value !== undefined) declared[key.toLowerCase()] = keyword.exec(value)?.[1] ?? value
    const underline = underlineOf(lines, index)
    if (underline === undefined) continue
    if (!levels.includes(underline)) levels.push(underline)
    lines[index] = headingLine(levels.indexOf(underline) + 1, line.trim())
    lines[index + 1] = ''
    if (underline.startsWith('over')) lines[index - 1] = ''
    index++
  }
  return { text: fenceCode(lines).join('\n'), declared }
}

/** The code directive that a line is, with its indent and language. */
function directiveOf(line: string): { readonly indent: string; readonly language: string } | undefined {
  if (line.length > longestMarkup) return undefined
  const [, indent, language = ''] = codeDirective.exec(line) ?? []
  return indent === undefined ? undefined : { indent, language }
}

/** Puts code blocks into fences: the directive's line opens one, the blank line after the block closes it. */
function fenceCode(lines: string[]): string[] {
  const indents = lines.map((line) => (line.trim() === '' ? undefined : line.length - line.trimStart().length))
  for (let index = 0; index < lines.length; index++) {
    const directive = directiveOf(lines[index] ?? '')
    if (directive === undefined) continue
    const { indent, language } = directive
    const end = endOfBlock(indents, index + 1, indent.length)
    // Without a blank line after the block there is no line to close the fence on.
    if (end === undefined) continue
    if (!lines.slice(index + 1, end).some((line) => line.includes('```'))) {
      lines[index] = `${indent}\`\`\`${language}`
      lines[end] = `${indent}\`\`\``
    }
    index = end
  }
  return lines
}

/** The first blank line after the block that begins at `from` and is indented by more than `indent`; undefined where none follows. */
function endOfBlock(indents: readonly (number | undefined)[], from: number, indent: number): number | undefined {
  let blank: number | undefined
  let seen = false
  for (let index = from; index < indents.length; index++) {
    const own = indents[index]
    if (own === undefined) {
      if (seen) blank ??= index
    } else if (own <= indent) return blank
    else {
      seen = true
      blank = undefined
    }
  }
  return blank
}
