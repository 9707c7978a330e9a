import { cosineSimilarity } from '@quern/core'
import { describe, expect, test } from 'vitest'
import { drawMap } from '../../src/report-page/draw-map.ts'
import { findNeighbours } from '../../src/report-page/find-neighbours.ts'
import { groupByFolder } from '../../src/report-page/group-by-folder.ts'

const { signal } = new AbortController()
const onEvent = (): void => {}

/** Numbers from 0 to 1 of a linear congruential generator (Numerical Recipes), the same ones each time. */
function createNumbers(): () => number {
  let state = 7
  return () => {
    state = (1_664_525 * state + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

/** Vectors in so many clusters, one after another. */
function clusteredVectors(count: number, clusters: number): Float32Array[] {
  const random = createNumbers()
  const numbers = (): number[] => Array.from({ length: 16 }, () => random() - 0.5)
  const centres = Array.from({ length: clusters }, numbers)
  return Array.from({ length: count }, (_, index) => {
    const noise = numbers()
    const centre = centres[index % clusters] ?? []
    return Float32Array.from(centre, (value, at) => value + 0.15 * (noise[at] ?? 0))
  })
}

async function layOut(vectors: Float32Array[]): Promise<[number, number][]> {
  const neighbours = await findNeighbours(vectors, { count: 15, nearlyEqual: 2, signal, onEvent })
  return drawMap({ vectors, neighbours, signal, onEvent })
}

test('neighbours are those of a comparison of all with all, each its own first', async () => {
  const vectors = clusteredVectors(60, 4)
  const { indices, distances, pairs } = await findNeighbours(vectors, { count: 5, nearlyEqual: 0.97, signal, onEvent })
  const scoreOf = (a: number, b: number): number =>
    cosineSimilarity(vectors[a] as Float32Array, vectors[b] as Float32Array)
  for (const [a, found] of indices.entries()) {
    const others = vectors.map((_, b) => b).filter((b) => b !== a)
    const expected = others.toSorted((x, y) => scoreOf(a, y) - scoreOf(a, x)).slice(0, 4)
    expect(found).toEqual([a, ...expected])
    expect(distances[a]?.[1]).toBeCloseTo(1 - scoreOf(a, expected[0] ?? 0), 6)
  }
  const expectedPairs = vectors
    .flatMap((_, a) => vectors.map((__, b) => ({ a, b, score: expect.closeTo(scoreOf(a, b), 6) as number })))
    .filter(({ a, b }) => a < b && scoreOf(a, b) >= 0.97)
  expect(pairs).toHaveLength(expectedPairs.length)
  expect(pairs).toEqual(expect.arrayContaining(expectedPairs))
  expect(pairs.length).toBeGreaterThan(0)
})

describe('a map', () => {
  test('is the same each time, lies within 0 and 1, and keeps clusters together', async () => {
    const vectors = clusteredVectors(120, 3)
    const points = await layOut(vectors)
    expect(await layOut(vectors)).toEqual(points)
    expect(points.flat().every((value) => value >= 0 && value <= 1)).toBe(true)
    const distance = (a: number, b: number): number =>
      Math.hypot((points[a]?.[0] ?? 0) - (points[b]?.[0] ?? 0), (points[a]?.[1] ?? 0) - (points[b]?.[1] ?? 0))
    const nearestOf = (a: number): number =>
      points
        .map((_, b) => b)
        .filter((b) => b !== a)
        .reduce((best, b) => (distance(a, b) < distance(a, best) ? b : best))
    const faithful = points.filter((_, a) => nearestOf(a) % 3 === a % 3).length
    expect(faithful).toBeGreaterThan(110)
  })

  test('can be drawn of none, few, or equal vectors', async () => {
    expect(await layOut([])).toEqual([])
    expect(await layOut(clusteredVectors(1, 1))).toHaveLength(1)
    for (const count of [2, 3, 4, 5]) expect(await layOut(clusteredVectors(count, 2))).toHaveLength(count)
    const equal = await layOut(Array.from({ length: 30 }, () => Float32Array.of(1, 0)))
    expect(equal.flat().every((value) => value >= 0 && value <= 1)).toBe(true)
  })

  test('is given up when that is asked for', async () => {
    const vectors = clusteredVectors(100, 2)
    const aborted = AbortSignal.abort()
    const neighbours = await findNeighbours(vectors, { count: 15, nearlyEqual: 2, signal, onEvent })
    await expect(drawMap({ vectors, neighbours, signal: aborted, onEvent })).rejects.toBe(aborted.reason)
    const searching = findNeighbours(vectors, { count: 15, nearlyEqual: 2, signal: aborted, onEvent })
    await expect(searching).rejects.toMatchObject({ name: 'AbortError' })
  })
})

test('sources are grouped as deep as it takes for a few groups, the smallest of many become one', () => {
  expect(groupByFolder(['docs/a/x.md', 'docs/b/y.md', 'docs/c/z.md', 'docs/c/w.md'])).toEqual({
    names: ['docs/c', 'docs/a', 'docs/b'],
    groups: [1, 2, 0, 0],
  })
  const many = Array.from({ length: 30 }, (_, index) => `root/${index % 15}/${index}.md`)
  const { names, groups } = groupByFolder(many)
  expect([names.length, names.at(-1)]).toEqual([10, 'other folders'])
  expect(groups.filter((group) => group === 9)).toHaveLength(12)
  expect(groupByFolder([])).toEqual({ names: [], groups: [] })
})
