import { compareStrings } from '@quern/core'
import type { StoredChunk, VectorStore } from '@quern/core'
import { createSpreadSample } from '@quern/pipeline'
import { citation, headingPath } from '../report/search-listing.ts'
import type { LengthHistogram, ReportData, ReportEvent } from './report-data.ts'

/** A chunk of the sample. */
export interface SampledChunk {
  readonly source: string
  readonly place: string
  readonly headings: string
  /** The beginning of its text. */
  readonly text: string
  readonly textHash: string
  readonly vector: Float32Array
}

/** What was read of a store. */
export interface CorpusSurvey {
  readonly sample: readonly SampledChunk[]
  readonly lengths: Omit<LengthHistogram, 'window'>
  readonly biggest: ReportData['biggest']
}

/** How a store is read. */
export interface SurveyOptions {
  readonly store: VectorStore
  /** Most chunks of the sample. */
  readonly sampleSize: number
  readonly signal: AbortSignal
  readonly onEvent: (event: ReportEvent) => void
}

const shownCharacters = 320
const biggestSources = 15
const chunksBetweenEvents = 500
const columns = 32

/** The beginning of a text, never half a character of it. */
function beginningOf(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length <= shownCharacters ? line : `${line.slice(0, shownCharacters).toWellFormed()}…`
}

function describe({ metadata, pageContent, textHash, vector }: StoredChunk): SampledChunk {
  const { source } = metadata
  const text = beginningOf(pageContent)
  return { source, place: citation(metadata), headings: headingPath(metadata), text, textHash, vector }
}

/** Counts of each length, in at most 32 columns of a round width. */
function histogramOf(counts: ReadonlyMap<number, number>): Omit<LengthHistogram, 'window'> {
  const longest = Math.max(0, ...counts.keys())
  const width = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024].find((step) => longest / step < columns) ?? 2048
  const heights = Array.from({ length: Math.floor(longest / width) + 1 }, () => 0)
  for (const [tokens, count] of counts) {
    const column = Math.floor(tokens / width)
    heights[column] = (heights[column] ?? 0) + count
  }
  return { width, counts: heights, longest }
}

async function findBiggest({ store, signal }: SurveyOptions): Promise<ReportData['biggest']> {
  let biggest: ReportData['biggest'][number][] = []
  for await (const { id, chunkCount, size } of store.listSources({ signal })) {
    biggest.push({ source: id, chunks: chunkCount, bytes: size })
    if (biggest.length < 10 * biggestSources) continue
    biggest = biggest.toSorted((a, b) => b.chunks - a.chunks).slice(0, biggestSources)
  }
  return biggest
    .toSorted((a, b) => b.chunks - a.chunks || b.bytes - a.bytes || compareStrings(a.source, b.source))
    .slice(0, biggestSources)
}

/** Reads a store once, and keeps an evenly spread sample of its chunks. */
export async function surveyCorpus(options: SurveyOptions): Promise<CorpusSurvey> {
  const { store, sampleSize, signal, onEvent } = options
  const { chunks: total } = await store.stats()
  const sample = createSpreadSample<SampledChunk>(sampleSize)
  const counts = new Map<number, number>()
  let chunks = 0
  for await (const chunk of store.getChunks({ signal })) {
    const { tokens } = chunk.metadata
    counts.set(tokens, (counts.get(tokens) ?? 0) + 1)
    sample.add(describe(chunk))
    if (++chunks % chunksBetweenEvents === 0) onEvent({ type: 'chunks-read', chunks, total })
  }
  return { sample: sample.items(), lengths: histogramOf(counts), biggest: await findBiggest(options) }
}
