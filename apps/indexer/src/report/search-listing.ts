import { styleText } from 'node:util'
import type { Chunk, ChunkMetadata } from '@quern/core'
import type { TextStream } from '../command-context.ts'
import { excerpt, wordMatcher } from './excerpt.ts'
import type { ExcerptWord } from './excerpt.ts'
import { printable } from './printable.ts'

/** A hit with its place in the answer. */
export interface RankedHit {
  /** From 1. */
  readonly rank: number
  readonly score: number
  readonly chunk: Pick<Chunk, 'pageContent' | 'metadata'>
  /** Path of its file, where that is known and there. */
  readonly file?: string | undefined
}

/** How hits are shown. */
export interface HitStyle {
  readonly stream: TextStream
  /** The question, whose words are highlighted. */
  readonly query: string
}

const indent = '   '

/** Their text is not that of the file, so neither are its lines. */
const renderedMediaTypes: ReadonlySet<unknown> = new Set(['text/html', 'application/xhtml+xml'])

/** Where a chunk stands: `source:12-20` by lines, by page where there are pages, the source alone for HTML. `place` stands for the source. */
export function citation(metadata: ChunkMetadata, place: string = metadata.source): string {
  const { lines, page, pageEnd, pageLabel, mediaType } = metadata
  if (renderedMediaTypes.has(mediaType)) return place
  if (page === undefined) return `${place}:${lines.from === lines.to ? lines.from : `${lines.from}-${lines.to}`}`
  if (pageEnd !== undefined && pageEnd !== page) return `${place} pages ${page}-${pageEnd}`
  return `${place} page ${page}${pageLabel === undefined || pageLabel === String(page) ? '' : ` (${pageLabel})`}`
}

/** Title and headings above a chunk, outermost first, each once. */
export function headingPath({ title, headings = [] }: ChunkMetadata): string {
  return [...new Set([...(title === undefined ? [] : [title]), ...headings])].join(' › ')
}

/** A line of an excerpt, the words that were asked for apart from the others. */
function highlight(words: readonly ExcerptWord[], stream: TextStream): string {
  const runs: { text: string; readonly matches: boolean }[] = []
  for (const { text, matches } of words) {
    const run = runs.at(-1)
    if (run?.matches === matches) run.text += ` ${text}`
    else runs.push({ text, matches })
  }
  return runs
    .map(({ text, matches }) => styleText(matches ? ['bold', 'yellow'] : 'dim', printable(text), { stream }))
    .join(' ')
}

/** A hit for people: score, place (`path:line`, which terminals open), headings, and the part of the text with the most words of the question. */
export function renderHit({ rank, score, chunk, file }: RankedHit, { stream, query }: HitStyle): string {
  const { metadata, pageContent } = chunk
  const style = (format: 'bold' | 'cyan', text: string): string => styleText(format, text, { stream })
  const path = printable(headingPath(metadata))
  const width = Math.min(stream.columns ?? 100, 120) - indent.length
  const isMatch = wordMatcher(query)
  const lines = [
    `${style('bold', `${rank}.`)} ${score.toFixed(3)}  ${style('cyan', printable(citation(metadata, file)))}`,
    ...(path === '' ? [] : [indent + style('bold', path)]),
    ...excerpt(pageContent, { width, isMatch }).map((line) => indent + highlight(line, stream)),
  ]
  return `${lines.join('\n')}\n`
}
