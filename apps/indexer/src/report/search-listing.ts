import { styleText } from 'node:util'
import type { Chunk } from '@quern/core'
import type { TextStream } from '../command-context.ts'
import { printable } from './printable.ts'

/** A hit with its place in the answer. */
export interface RankedHit {
  /** From 1. */
  readonly rank: number
  readonly score: number
  readonly chunk: Chunk
}

const excerptLines = 3
const indent = '   '

/** Their text is not that of the file, so neither are its lines. */
const renderedMediaTypes: ReadonlySet<unknown> = new Set(['text/html', 'application/xhtml+xml'])

/** Where a chunk stands: `source:12-20` by lines, by page where there are pages, the source alone for HTML. */
export function citation({ metadata }: Chunk): string {
  const { source, lines, page, pageEnd, pageLabel, mediaType } = metadata
  if (renderedMediaTypes.has(mediaType)) return source
  if (page === undefined) return `${source}:${lines.from === lines.to ? lines.from : `${lines.from}-${lines.to}`}`
  if (pageEnd !== undefined && pageEnd !== page) return `${source} pages ${page}-${pageEnd}`
  return `${source} page ${page}${pageLabel === undefined || pageLabel === String(page) ? '' : ` (${pageLabel})`}`
}

/** The words of a text; those that are longer than a line (or a text without spaces) in pieces. */
function* wordsOf(text: string, width: number): Generator<string> {
  for (const [word] of text.matchAll(/\S+/g)) {
    const characters = word.length <= width ? [word] : Array.from(word)
    if (characters.length === 1) yield word
    else
      for (let start = 0; start < characters.length; start += width)
        yield characters.slice(start, start + width).join('')
  }
}

/** The first words of a text, in at most three lines of `width` characters. */
export function excerpt(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of wordsOf(text, width)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length <= width || line === '') {
      line = longer
      continue
    }
    if (lines.length === excerptLines - 1) return [...lines, `${line} …`]
    lines.push(line)
    line = word
  }
  return line === '' ? lines : [...lines, line]
}

/** A hit for people: score, place, headings, and how the text begins. */
export function renderHit({ rank, score, chunk }: RankedHit, stream: TextStream): string {
  const { title, headings = [] } = chunk.metadata
  const style = (format: 'bold' | 'dim' | 'cyan', text: string): string => styleText(format, text, { stream })
  const path = printable([...new Set([...(title === undefined ? [] : [title]), ...headings])].join(' › '))
  const width = Math.min(stream.columns ?? 100, 120) - indent.length
  const lines = [
    `${style('bold', `${rank}.`)} ${score.toFixed(3)}  ${style('cyan', printable(citation(chunk)))}`,
    ...(path === '' ? [] : [indent + style('bold', path)]),
    ...excerpt(chunk.pageContent, width).map((line) => indent + style('dim', printable(line))),
  ]
  return `${lines.join('\n')}\n`
}
