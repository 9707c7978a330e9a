import { compareStrings } from './filter.ts'

/** Dot product of two vectors of equal length; for unit-length vectors this is the cosine of their angle. */
export function dotProduct(a: Float32Array, b: Float32Array): number {
  const { length } = a
  let sum = 0
  for (let i = 0; i < length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

/** Euclidean length, in double precision. */
export function vectorLength(vector: ArrayLike<number>): number {
  // Read once: of a typed array it is a call until the function is compiled for speed, as is `number ** 2`.
  const { length } = vector
  let sum = 0
  for (let i = 0; i < length; i++) {
    const number = vector[i] as number
    sum += number * number
  }
  return Math.sqrt(sum)
}

/**
 * Cosine of the angle between two vectors of equal length that are not zero, in [−1, 1] whatever the rounding. Vectors that are
 * "of unit length" only within a tolerance have another dot product, so scores are taken from here.
 */
export function cosineSimilarity(a: Float32Array, b: Float32Array): number {
  return Math.max(-1, Math.min(1, dotProduct(a, b) / (vectorLength(a) * vectorLength(b))))
}

/** What is wrong with a vector as a member of a space of `dimensions`, or undefined if nothing is. */
export function vectorFault(vector: ArrayLike<number>, dimensions: number, tolerance = 1e-3): string | undefined {
  if (vector.length !== dimensions) return `it has ${vector.length} numbers instead of ${dimensions}`
  const length = vectorLength(vector)
  // A number that is not finite makes the length so, too; only then is it looked for.
  for (let i = 0; !Number.isFinite(length) && i < vector.length; i++) {
    if (!Number.isFinite(vector[i])) return `number ${i} is ${vector[i]}`
  }
  if (length === 0) return 'all its numbers are zero'
  if (Math.abs(length - 1) > tolerance) return `its length is ${length} instead of 1`
  return undefined
}

/** A candidate of a search: something with an id and a score. */
export interface Scored {
  readonly id: string
  readonly score: number
}

/** Order of hits: higher score first, equal scores by ascending id. */
export function compareScored(a: Scored, b: Scored): number {
  return b.score - a.score || compareStrings(a.id, b.id)
}
