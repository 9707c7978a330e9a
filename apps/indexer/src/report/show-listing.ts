import { styleText } from 'node:util'
import type { SourceState, StoredChunk } from '@quern/core'
import type { TextStream } from '../command-context.ts'
import { formatBytes, formatCount, formatQuantity } from './format.ts'
import { printable } from './printable.ts'
import { citation, headingPath } from './search-listing.ts'

/** How a chunk is shown. */
export interface ChunkDetail {
  /** With the numbers of its vector. */
  readonly vector: boolean
  readonly stream: TextStream
}

/** Metadata that stands elsewhere in the listing. */
const shownElsewhere: ReadonlySet<string> = new Set([
  'source',
  'chunk',
  'lines',
  'start',
  'end',
  'tokens',
  'page',
  'pageEnd',
  'pageLabel',
  'headings',
  'title',
])
const numbersPerLine = 8
const labelWidth = 10

/** What is known of a source, without its chunks. `file` is where it lies, if it is still there. */
export function sourceLines(state: SourceState, file: string | undefined): string[] {
  const lines = [
    `source    ${state.id}`,
    ...(file === undefined || file === state.id ? [] : [`file      ${file}`]),
    `size      ${formatBytes(state.size)}, modified ${state.modifiedAt}`,
    `chunks    ${state.chunkCount === 0 ? '0: it holds no text' : formatCount(state.chunkCount)}`,
  ]
  return lines.map(printable)
}

function vectorLines(vector: Float32Array): string[] {
  const numbers = Array.from(vector, (value) => (value < 0 ? '' : ' ') + value.toFixed(6))
  return Array.from({ length: Math.ceil(numbers.length / numbersPerLine) }, (_, line) => {
    const row = numbers.slice(line * numbersPerLine, (line + 1) * numbersPerLine).join(' ')
    return `${(line === 0 ? 'vector' : '').padEnd(labelWidth)}${row}`
  })
}

function metadataLines({ metadata }: StoredChunk): string[] {
  const others = Object.entries(metadata).filter(([key, value]) => !shownElsewhere.has(key) && value !== undefined)
  return others.map(
    ([key, value]) => `${key.padEnd(labelWidth)}${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
}

/** A chunk as a whole: place, headings, metadata, text. */
export function chunkLines(chunk: StoredChunk, { vector, stream }: ChunkDetail): string[] {
  const { metadata, id, createdAt, pageContent } = chunk
  const style = (format: 'bold' | 'dim' | 'cyan', text: string): string =>
    styleText(format, printable(text), { stream })
  const path = headingPath(metadata)
  const facts = [
    `${'id'.padEnd(labelWidth)}${id}`,
    `${'made'.padEnd(labelWidth)}${createdAt}`,
    ...metadataLines(chunk),
    ...(vector ? vectorLines(chunk.vector) : []),
  ]
  return [
    '',
    `${style('bold', `chunk ${metadata.chunk}`)}  ${style('cyan', citation(metadata))}  ${formatQuantity(metadata.tokens, 'token')}`,
    ...(path === '' ? [] : [style('bold', path)]),
    ...facts.map((line) => style('dim', line)),
    ...pageContent.split(/\r?\n/).map((line) => `  ${printable(line)}`),
  ]
}
