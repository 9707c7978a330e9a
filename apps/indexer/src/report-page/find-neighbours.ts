import { setImmediate as nextTurn } from 'node:timers/promises'
import { cosineSimilarity } from '@quern/core'
import type { ReportEvent } from './report-data.ts'

/** The nearest vectors of each vector. */
export interface Neighbours {
  /** Of each vector, the positions of the nearest ones, nearest first; it begins with the vector itself. */
  readonly indices: readonly (readonly number[])[]
  /** Their distances: 1 − cosine. */
  readonly distances: readonly (readonly number[])[]
  /** All pairs that are nearly equal, each once, nearest first. */
  readonly pairs: readonly { readonly a: number; readonly b: number; readonly score: number }[]
}

/** What neighbours are found with. */
export interface NeighbourOptions {
  /** So many of each vector, itself included. */
  readonly count: number
  /** Cosine from which on two are nearly equal. */
  readonly nearlyEqual: number
  readonly signal: AbortSignal
  readonly onEvent: (event: ReportEvent) => void
}

/** After so many rows others have a turn: Ctrl-C, the progress. */
const rowsPerTurn = 64

/** Nearest ones of a vector, kept in order while they are found. */
interface Nearest {
  readonly indices: number[]
  readonly distances: number[]
}

function insert({ indices, distances }: Nearest, index: number, distance: number, count: number): void {
  if (indices.length === count && distance >= (distances[count - 1] ?? 0)) return
  let at = indices.length
  while (at > 0 && (distances[at - 1] ?? 0) > distance) at--
  indices.splice(at, 0, index)
  distances.splice(at, 0, distance)
  if (indices.length > count) {
    indices.pop()
    distances.pop()
  }
}

/** Compares each vector with each other one. */
export async function findNeighbours(
  vectors: readonly Float32Array[],
  { count, nearlyEqual, signal, onEvent }: NeighbourOptions,
): Promise<Neighbours> {
  const found = vectors.map((): Nearest => ({ indices: [], distances: [] }))
  const pairs: { a: number; b: number; score: number }[] = []
  for (const [a, vector] of vectors.entries()) {
    for (let b = a + 1; b < vectors.length; b++) {
      const score = cosineSimilarity(vector, vectors[b] as Float32Array)
      const distance = Math.max(0, 1 - score)
      insert(found[a] as Nearest, b, distance, count - 1)
      insert(found[b] as Nearest, a, distance, count - 1)
      if (score >= nearlyEqual) pairs.push({ a, b, score })
    }
    if (a % rowsPerTurn === 0) {
      onEvent({ type: 'chunks-compared', chunks: a, total: vectors.length })
      await nextTurn(undefined, { signal })
    }
  }
  // Each is its own nearest, also beside one that is equal.
  for (const [index, { indices, distances }] of found.entries()) {
    indices.unshift(index)
    distances.unshift(0)
  }
  return {
    indices: found.map(({ indices }) => indices),
    distances: found.map(({ distances }) => distances),
    pairs: pairs.toSorted((one, other) => other.score - one.score || one.a - other.a || one.b - other.b),
  }
}
