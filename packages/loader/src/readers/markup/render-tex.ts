import type { RenderedMarkup } from './markup.ts'
import { headingLine } from './markup.ts'

const levels = new Map([
  ['part', 1],
  ['chapter', 1],
  ['section', 2],
  ['subsection', 3],
  ['subsubsection', 4],
  ['paragraph', 5],
  ['subparagraph', 6],
])
const section =
  /^\s*\\(part|chapter|(?:sub){0,2}section|(?:sub)?paragraph)\*?(?:\[[^\]]*\])?\{(.*)\}\s*(?:\\label\{[^}]*\})?\s*$/
const comment = /(^|[^\\])%.*$/
const verbatimBegin = /^\s*\\begin\{(?:verbatim|lstlisting|minted|Verbatim)\*?\}(?:\[[^\]]*\])?(?:\{([\w+#-]*)\})?\s*$/
const verbatimEnd = /^\s*\\end\{(?:verbatim|lstlisting|minted|Verbatim)\*?\}\s*$/
const structural =
  /^\s*\\(?:begin|end|label|usepackage|documentclass|maketitle|tableofcontents|centering|newpage|clearpage|vspace|hspace|includegraphics|bibliography\w*|index)\b.*$/
const styled = /\\(?:textbf|textit|texttt|textsc|textrm|textsf|emph|underline|mbox|url|caption|footnote)\{([^{}]*)\}/g
const declaration = /\\(title|author|date)\{([^{}]*)\}/g

function plain(line: string): string {
  let text = line
  // From the inside out, since styles are nested.
  for (let round = 0; round < 4 && text.includes('\\'); round++) text = text.replaceAll(styled, '$1')
  return text
    .replaceAll(/\\item(?:\[([^\]]*)\])?\s*/g, (_, label: string | undefined) =>
      label === undefined ? '- ' : `- ${label}: `,
    )
    .replaceAll(/\\([%&$#_{}])/g, '$1')
    .replaceAll(/\\(?:LaTeX|TeX)\b(?:\{\})?/g, (name) => name.replaceAll(/[\\{}]/g, ''))
    .replaceAll('~', ' ')
    .replaceAll(/\\\\(?:\[[^\]]*\])?\s*$/g, '')
}

function declaredIn(text: string): Record<string, string> {
  const declared: Record<string, string> = {}
  for (const [, key = '', value = ''] of plain(text).matchAll(declaration)) {
    const words = plain(value)
      .replaceAll(/\\(?:and|today)\b/g, ',')
      .trim()
    if (words !== '' && words !== ',') declared[key] ??= words
  }
  return declared
}

/**
 * Renders LaTeX for reading: section commands become Markdown headings, verbatim environments fences, styles and escapes their text,
 * items list items. Comments, the preamble and lines that only lay out become blank lines. Formulas and other commands stay.
 */
export function renderTex(text: string): RenderedMarkup {
  const beginDocument = text.indexOf('\\begin{document}')
  let offset = 0
  let verbatim = false
  const lines = text.split('\n').map((line) => {
    const start = offset
    offset += line.length + 1
    if (start < beginDocument) return ''
    if (verbatim) {
      verbatim = !verbatimEnd.test(line)
      return verbatim ? line : '```'
    }
    const begin = verbatimBegin.exec(line)
    if (begin !== null) {
      verbatim = true
      return `\`\`\`${begin[1] ?? ''}`
    }
    const content = line.replace(comment, '$1').trimEnd()
    const [, name = '', title] = section.exec(content) ?? []
    if (title !== undefined) return headingLine(levels.get(name) ?? 2, plain(title))
    return structural.test(content) ? '' : plain(content)
  })
  return { text: lines.join('\n'), declared: declaredIn(text.slice(0, 100_000)) }
}
