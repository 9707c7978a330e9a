import { joinTexCommand } from './join-tex-command.ts'
import type { RenderedMarkup } from './markup.ts'
import { headingLine, longestMarkup } from './markup.ts'

const levels = new Map([
  ['part', 1],
  ['chapter', 1],
  ['section', 2],
  ['subsection', 3],
  ['subsubsection', 4],
  ['paragraph', 5],
  ['subparagraph', 6],
])
const section = /^\s*\\(part|chapter|(?:sub){0,2}section|(?:sub)?paragraph)\*?(?:\[[^\]]*\])?\{(.*)\}\s*$/
const titled = /^\s*\\(?:title|author|date)\b/
/** What a title or heading holds beside its words. */
const besides = /\\(?:label|index|thanks)\{[^{}]*\}/g
const comment = /(^|[^\\])%.*$/
const verbatimBegin = /^\s*\\begin\{(?:verbatim|lstlisting|minted|Verbatim)\*?\}(?:\[[^\]]*\])?(?:\{([\w+#-]*)\})?\s*$/
const verbatimEnd = /^\s*\\end\{(?:verbatim|lstlisting|minted|Verbatim)\*?\}\s*$/
/** Commands at the begin of a line that lay out or refer, with their arguments: what follows them is text. */
const structural =
  /^\s*\\(?:begin|end|label|title|author|date|usepackage|documentclass|maketitle|tableofcontents|phantomsection|pdfbookmark|centering|newpage|clearpage|vspace|hspace|includegraphics|bibliography\w*|index)\b\*?(?:\s?(?:\[[^\]]*\]|\{[^{}]*\}))*/
const link = /\\href\{[^{}]*\}\{([^{}]*)\}/g
const styled = /\\(?:textbf|textit|texttt|textsc|textrm|textsf|emph|underline|mbox|url|caption|footnote)\{([^{}]*)\}/g
const declaration = /\\(title|author|date)\{([^{}]*)\}/g
/** Declarations stand in so many characters at the top, if anywhere. */
const topLength = 100_000

function plain(line: string): string {
  let text = line
  // From the inside out, since styles are nested.
  for (let round = 0; round < 4 && text.includes('\\'); round++)
    text = text.replaceAll(styled, '$1').replaceAll(link, '$1')
  return text
    .replaceAll(/\\item(?:\[([^[\]]*)\])?\s*/g, (_, label: string | undefined) =>
      label === undefined ? '- ' : `- ${label}: `,
    )
    .replaceAll(/\\([%&$#_{}])/g, '$1')
    .replaceAll(/\\textquotedbl\b(?:\{\})?/g, '"')
    .replaceAll(/\\(?:LaTeX|TeX)\b(?:\{\})?/g, (name) => name.replaceAll(/[\\{}]/g, ''))
    .replaceAll('~', ' ')
    .replaceAll(/\\\\(?:\[[^[\]]*\])?\s*$/g, '')
}

function declaredIn(lines: readonly string[]): Record<string, string> {
  const declared: Record<string, string> = {}
  const text = lines.map((line, index) => joinTexCommand(lines, index)?.line ?? line.replace(comment, '$1')).join('\n')
  for (const [, key = '', value = ''] of plain(text.replaceAll(besides, '')).matchAll(declaration)) {
    const words = plain(value)
      .replaceAll(/\\(?:and|today)\b/g, ',')
      .trim()
    if (words !== '' && words !== ',') declared[key] ??= words
  }
  return declared
}

/** A line outside verbatim text. */
function renderLine(line: string): string {
  const uncommented = line.replace(comment, '$1').trimEnd()
  const isTitle = section.test(uncommented) || titled.test(uncommented)
  const content = isTitle ? uncommented.replaceAll(besides, '').trimEnd() : uncommented
  const [, name = '', title] = section.exec(content) ?? []
  if (title !== undefined) return headingLine(levels.get(name) ?? 2, plain(title))
  let rest = content
  while (structural.test(rest)) rest = rest.replace(structural, '')
  return plain(rest === content ? content : rest.trimStart())
}

/** Renders the lines; `body` is the index of the line that begins the document itself, those above are blank. */
function renderLines(lines: readonly string[]): { readonly lines: readonly string[]; readonly body: number } {
  let verbatim = false
  let hasClass = false
  let body = 0
  let joined = 0
  const rendered = lines.map((original, index) => {
    if (joined > 0) {
      joined--
      return ''
    }
    const command = verbatim ? undefined : joinTexCommand(lines, index)
    joined = (command?.count ?? 1) - 1
    const line = command?.line ?? original
    if (line.length > longestMarkup) return verbatim ? line : plain(line)
    if (verbatim) {
      verbatim = !verbatimEnd.test(line)
      return verbatim ? line : '```'
    }
    const begin = verbatimBegin.exec(line)
    if (begin !== null) {
      verbatim = true
      return `\`\`\`${begin[1] ?? ''}`
    }
    // A chapter without a preamble may show a whole document as an example.
    if (/^\s*\\document(?:class|style)\b/.test(line)) hasClass = true
    if (hasClass && body === 0 && /^\s*\\begin\{document\}/.test(line)) body = index
    return renderLine(line)
  })
  return { lines: rendered, body }
}

/**
 * Renders LaTeX for reading: section commands become Markdown headings, verbatim environments fences, styles and escapes their text,
 * items list items. Comments, the preamble and commands that only lay out are left out. Formulas and other commands stay.
 */
export function renderTex(text: string): RenderedMarkup {
  const { lines, body } = renderLines(text.split('\n'))
  const visible = lines.map((line, index) => (index < body ? '' : line))
  return { text: visible.join('\n'), declared: declaredIn(text.slice(0, topLength).split('\n')) }
}
