import { rm } from 'node:fs/promises'
import { createTaskRunner } from '../child-tasks.ts'
import type { Metric, Way } from '../compare-ways.ts'
import { createGeneratedCorpus } from '../corpus/generated-corpus.ts'
import { formatMegabytes, formatNumber, formatSeconds } from '../report.ts'
import type { NaiveTasks } from './naive-tasks.ts'
import type { StoreFormat, StoreTasks } from './store-tasks.ts'

/** Runs a task of the naive way in a process of its own. */
export const naive = createTaskRunner<NaiveTasks>(new URL('./naive-tasks.ts', import.meta.url))

/** Runs a task of the store in a process of its own. */
export const store = createTaskRunner<StoreTasks>(new URL('./store-tasks.ts', import.meta.url))

/** The same work for the naive file and for a store in a folder. */
export interface Work {
  readonly metrics: readonly Metric[]
  readonly naive: (file: string) => Way
  readonly store: (path: string, format: StoreFormat) => Way
}

const seconds = (figure: string, label: string): Metric => ({ figure, label, format: formatSeconds })

const writingMetrics: readonly Metric[] = [
  seconds('seconds', 'write all'),
  { figure: 'peakBytes', label: 'peak memory while writing', format: formatMegabytes },
  { figure: 'bytesPerChunk', label: 'bytes a chunk', format: formatNumber },
  { figure: 'cachePerChunk', label: 'and of the vector cache, which can be removed', format: formatNumber },
]

/** Writes a whole corpus, each time anew. */
export function writing(chunks: number): Work {
  return {
    metrics: writingMetrics,
    naive: (file) => async () => {
      const { result, peakBytes } = await naive('write', { file, chunks })
      return { seconds: result.seconds, peakBytes, bytesPerChunk: result.bytes / chunks }
    },
    store: (path, format) => async () => {
      await rm(path, { recursive: true, force: true })
      const { result, peakBytes } = await store('write', { path, chunks, format })
      const { bytes, cacheBytes } = result
      return { seconds: result.seconds, peakBytes, bytesPerChunk: bytes / chunks, cachePerChunk: cacheBytes / chunks }
    },
  }
}

/**
 * Goes from nothing to the first answer, with the vector cache that a writer left or without. The naive way parses its file for that and searches
 * once; its parsing alone has a row of its own.
 */
export function loading(chunks: number, cached: boolean): Work {
  const [query] = createGeneratedCorpus(chunks).queries(1)
  if (query === undefined) throw new TypeError('a query was to be made')
  const whole = seconds('seconds', cached ? 'load, from the vector cache, and first answer' : 'load and first answer')
  const parse = seconds('parse', 'of these, the parsing of the one file')
  const memory = { figure: 'peakBytes', label: 'peak memory while loading', format: formatMegabytes }
  return {
    metrics: cached ? [whole, parse] : [whole, parse, memory],
    naive: (file) => async () => {
      const { result, peakBytes } = await naive('load', { file, query })
      return { seconds: result.seconds, parse: result.parse, peakBytes }
    },
    store: (path) => async () => {
      const { result, peakBytes } = await store('load', { path, query, vectorCache: cached })
      return { seconds: result.seconds, peakBytes }
    },
  }
}

/** What a run without changes has to do. */
export const listing: Work = {
  metrics: [seconds('seconds', 'run without changes: open, list')],
  naive: (file) => async () => ({ seconds: (await naive('parse', { file })).result.seconds }),
  store: (path) => async () => ({ seconds: (await store('list', { path })).result.seconds }),
}

/** A run that finds 200 chunks changed; each round changes what is stored. */
export function changing(chunks: number): Work {
  return {
    metrics: [
      seconds('run', 'run with 200 changed chunks: open, list, commit'),
      seconds('save', 'of these, the commit (the writing)'),
    ],
    naive: (file) => async (round) => (await naive('change', { file, chunks, round })).result,
    store: (path, format) => async (round) => (await store('change', { path, chunks, format, round })).result,
  }
}
