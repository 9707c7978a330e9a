import { compareStrings, cosineSimilarity, matchesFilter, QuernError } from '@quern/core'
import type { Filter, SearchHit, StoredChunk, VectorStore } from '@quern/core'
import { createSpreadSample } from './spread-sample.ts'

/** Which source others are compared with, and how many are given. */
export interface FindSimilarOptions {
  readonly store: VectorStore
  /** Id of the stored source that others are compared with. */
  readonly source: string
  /** Most sources. Default 10. */
  readonly limit?: number | undefined
  /** Which chunks of the others count. */
  readonly filter?: Filter | undefined
  readonly signal?: AbortSignal | undefined
}

/** A source that is like another. */
export interface SimilarSource {
  readonly source: string
  /** From −1 to 1: how near, on average, the chunks of the other source find their nearest in this one (cosine). */
  readonly score: number
  /** Of this source, the chunk that is nearest to one of the other. */
  readonly chunk: SearchHit['chunk']
}

/** Chunks of a source that stand for it. */
const probeLimit = 16
/** Sources that are compared as a whole, for each that is wanted. */
const candidatesPerResult = 3
const leastHits = 20
/** A source with very many chunks can fill an answer alone; then the others are asked for again. */
const mostRounds = 4

/** Vectors of a source's chunks, evenly spread. Rejects with `SOURCE_NOT_FOUND` where there is no such source. */
async function readProbes({ store, source, signal }: FindSimilarOptions): Promise<readonly Float32Array[]> {
  const sample = createSpreadSample<Float32Array>(probeLimit)
  for await (const { vector } of store.getChunks({ sources: [source], signal })) sample.add(vector)
  if (sample.items().length > 0) return sample.items()
  for await (const { id } of store.listSources({ signal })) if (id === source) return []
  throw new QuernError('SOURCE_NOT_FOUND', `the store has no source ${source}`, { details: { source } })
}

/** Sources near the probes, those with the nearest chunks first: as many as are wanted, where the store has them. */
async function findCandidates(
  probes: readonly Float32Array[],
  wanted: number,
  { store, source, filter, signal }: FindSimilarOptions,
): Promise<string[]> {
  const nearness = new Map<string, number>()
  const limit = Math.max(leastHits, wanted)
  for (let round = 0, isCutOff = true; isCutOff && nearness.size < wanted && round < mostRounds; round++) {
    isCutOff = false
    const others: Filter = { not: { field: 'source', op: 'in', value: [source, ...nearness.keys()] } }
    const found = new Map<string, number>()
    for (const vector of probes) {
      const conditions = filter === undefined ? others : { and: [filter, others] }
      const hits = await store.search({ mode: 'vector', vector, limit, filter: conditions, signal })
      isCutOff ||= hits.length === limit
      for (const { score, chunk } of hits) {
        found.set(chunk.metadata.source, Math.max(score, found.get(chunk.metadata.source) ?? -1))
      }
    }
    for (const [id, score] of found) nearness.set(id, score)
  }
  return [...nearness].toSorted((a, b) => b[1] - a[1] || compareStrings(a[0], b[0])).map(([id]) => id)
}

/** A source while its chunks are compared: for each probe, the cosine of the nearest one. */
interface Comparison {
  readonly nearest: number[]
  best: { readonly score: number; readonly chunk: SearchHit['chunk'] }
}

function withoutVector(stored: StoredChunk): SearchHit['chunk'] {
  const { vector: _, ...chunk } = stored
  return chunk
}

function compare(chunk: StoredChunk, probes: readonly Float32Array[], earlier: Comparison | undefined): Comparison {
  const scores = probes.map((probe) => cosineSimilarity(probe, chunk.vector))
  const score = Math.max(...scores)
  const nearest = scores.map((value, index) => Math.max(value, earlier?.nearest[index] ?? -1))
  const best =
    earlier !== undefined && earlier.best.score >= score ? earlier.best : { score, chunk: withoutVector(chunk) }
  return { nearest, best }
}

/**
 * The sources that are most like one that is stored, best first, equal ones by ascending id; that one is not among them. Needs no model. Up to
 * 16 chunks stand for the source; another source scores the mean, over these, of the cosine with its nearest chunk. Rejects with
 * `SOURCE_NOT_FOUND` where the store has no such source; one without text is like no other.
 */
export async function findSimilar(options: FindSimilarOptions): Promise<SimilarSource[]> {
  const { store, limit = 10, filter, signal } = options
  const probes = await readProbes(options)
  if (probes.length === 0 || limit === 0) return []
  const wanted = candidatesPerResult * limit
  const candidates = (await findCandidates(probes, wanted, options)).slice(0, wanted)
  const compared = new Map<string, Comparison>()
  if (candidates.length > 0) {
    for await (const chunk of store.getChunks({ sources: candidates, signal })) {
      if (filter !== undefined && !matchesFilter(chunk.metadata, filter)) continue
      const { source } = chunk.metadata
      compared.set(source, compare(chunk, probes, compared.get(source)))
    }
  }
  return [...compared]
    .map(([source, { nearest, best }]) => {
      return { source, score: nearest.reduce((sum, score) => sum + score, 0) / nearest.length, chunk: best.chunk }
    })
    .toSorted((a, b) => b.score - a.score || compareStrings(a.source, b.source))
    .slice(0, limit)
}
