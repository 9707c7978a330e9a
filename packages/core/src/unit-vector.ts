import { QuernError } from './quern-error.ts'
import { vectorFault, vectorLength } from './similarity.ts'
import type { TextIndex } from './text-errors.ts'
import { indexDetails } from './text-errors.ts'

/** What a vector is checked against, and how it is named when it is none. */
export interface VectorOrigin {
  /** Name of the model. */
  readonly model: string
  readonly dimensions: number
  readonly index: TextIndex
}

/**
 * A model's vector brought to unit length in double precision, as single-precision numbers. Throws `VECTOR_INVALID` when it has another
 * number of dimensions, a number that is not finite, or no length.
 */
export function unitVector(vector: ArrayLike<number>, { model, dimensions, index }: VectorOrigin): Float32Array {
  const length = vectorLength(vector)
  // A loop, for there is one for each text: `Float32Array.from` with a function is far slower.
  const unit = new Float32Array(vector.length)
  for (let i = 0; i < unit.length; i++) unit[i] = (vector[i] as number) / length
  const fault = vectorFault(unit, dimensions, 1e-5)
  if (fault === undefined) return unit
  const name = index === undefined ? 'the query' : `text ${index}`
  throw new QuernError('VECTOR_INVALID', `${model} gave no vector for ${name}: ${fault}`, {
    hint: 'Nothing of it is used. Check the model: the checksum of its file, or the log of the server that it runs on.',
    details: indexDetails(index),
  })
}
