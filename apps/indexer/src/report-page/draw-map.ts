import type { Neighbours } from './find-neighbours.ts'
import type { ReportEvent } from './report-data.ts'

/** Vectors that are to be drawn. */
export interface MapRequest {
  readonly vectors: readonly Float32Array[]
  readonly neighbours: Neighbours
  readonly signal: AbortSignal
  readonly onEvent: (event: ReportEvent) => void
}

/** Neighbours that each point is held near to, itself included. */
export const neighboursOnMap = 15
/** Enough for a picture; the library would take 400 to 500 for some thousand points. */
const rounds = 200
const roundsBetweenEvents = 10
/** With fewer points there is nothing to lay out. */
const leastPoints = 4
const seed = 20_260_101

/** A generator of numbers from 0 to 1 that gives the same ones each time (mulberry32), so that a map stays as it is. */
function createRandom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Coordinates from 0 to 1 with four decimals, in place of whatever range they have. */
function scale(values: readonly number[]): number[] {
  const finite = values.filter(Number.isFinite)
  const least = finite.reduce((a, b) => Math.min(a, b), Infinity)
  const span = finite.reduce((a, b) => Math.max(a, b), -Infinity) - least
  return values.map((value) => {
    if (!Number.isFinite(value) || !(span > 0)) return 0.5
    return Math.round(((value - least) / span) * 10_000) / 10_000
  })
}

/** Points in a row, where there are too few for a map. */
function inARow(count: number): [number, number][] {
  return Array.from({ length: count }, (_, index) => [(index + 1) / (count + 1), 0.5])
}

/**
 * Lays vectors out in the plane so that near ones are near each other (UMAP): coordinates from 0 to 1, the same for the same vectors. What is
 * far apart on the map says nothing about how far.
 */
export async function drawMap({ vectors, neighbours, signal, onEvent }: MapRequest): Promise<[number, number][]> {
  if (vectors.length < leastPoints) return inARow(vectors.length)
  const { UMAP } = await import('umap-js')
  const nNeighbors = Math.min(neighboursOnMap, vectors.length - 1)
  const map = new UMAP({ nNeighbors, minDist: 0.08, nEpochs: rounds, random: createRandom(seed) })
  const first = (rows: readonly (readonly number[])[]): number[][] => rows.map((row) => row.slice(0, nNeighbors))
  map.setPrecomputedKNN(first(neighbours.indices), first(neighbours.distances))
  const points = await map.fitAsync(
    vectors.map((vector) => Array.from(vector)),
    (round) => {
      if (round % roundsBetweenEvents === 0) onEvent({ type: 'map-drawn', round, rounds })
      // The library stops where it is.
      return !signal.aborted
    },
  )
  signal.throwIfAborted()
  const x = scale(points.map(([value = Number.NaN]) => value))
  const y = scale(points.map(([, value = Number.NaN]) => value))
  return x.map((value, index) => [value, y[index] ?? 0.5])
}
