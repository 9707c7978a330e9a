import type { RenderedMarkup } from './markup.ts'
import { headingLine } from './markup.ts'

/** A line of one punctuation character, at least three times: what underlines and overlines a title. */
const adornment = /^([!-/:-@[-`{-~])\1{2,}[ \t]*$/
const codeDirective = /^(\s*)\.\. (?:code-block|code|sourcecode|highlight)::[ \t]*([\w+#-]*)[ \t]*$/
const field = /^:(author|authors|date|title|lang|language):[ \t]+(\S.*)$/i

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
    const [, key, value] = levels.length <= 1 ? (field.exec(line) ?? []) : []
    if (key !== undefined && value !== undefined) declared[key.toLowerCase()] = value
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

/** Puts code blocks into fences: the directive's line opens one, the blank line after the block closes it. */
function fenceCode(lines: string[]): string[] {
  for (let index = 0; index < lines.length; index++) {
    const [, indent, language] = codeDirective.exec(lines[index] ?? '') ?? []
    if (indent === undefined || (lines[index] ?? '').includes('highlight::')) continue
    const end = endOfBlock(lines, index + 1, indent.length)
    // Without a blank line after the block there is no line to close the fence on.
    if (end === undefined) continue
    lines[index] = `${indent}\`\`\`${language}`
    lines[end] = `${indent}\`\`\``
    index = end
  }
  return lines
}

/** The last blank line of those that follow the block which begins at `from` and is indented by more than `indent`. */
function endOfBlock(lines: readonly string[], from: number, indent: number): number | undefined {
  let blank: number | undefined
  let seen = false
  for (let index = from; index < lines.length; index++) {
    const line = lines[index] ?? ''
    if (line.trim() === '') {
      if (seen) blank ??= index
      continue
    }
    if (line.length - line.trimStart().length <= indent) return blank
    if (line.trim().includes('```')) return undefined
    seen = true
    blank = undefined
  }
  return blank
}
