import type { EmbeddingSpace } from '@quern/core'
import { QuernError } from '@quern/core'
import { isCount } from '../format/is-count.ts'
import { classicError, unknownError } from './classic-errors.ts'

/** What a caller says of the space of a classic file. */
export interface ClaimedSpace {
  readonly path: string
  readonly space?: EmbeddingSpace | undefined
  /** The name that the file gives to the model, where that is another one than that of `space`. */
  readonly modelName?: string | undefined
}

function mismatch(path: string, what: string, hint: string): QuernError {
  return new QuernError('STORE_SPACE_MISMATCH', `${path} ${what}`, { hint, details: { file: path } })
}

function checkModel(
  told: unknown,
  { path, space, modelName }: ClaimedSpace & { readonly space: EmbeddingSpace },
): void {
  const expected = modelName ?? space.model
  if (told === undefined || told === expected) return
  throw mismatch(
    path,
    `holds vectors of ${JSON.stringify(told)}, not of ${expected}`,
    `Name the model that has made them; if ${space.model} is the very same under another name, say so: option modelName.`,
  )
}

/**
 * The space of a classic file: what its members tell and what the caller says must agree. Throws `OPTION_INVALID` when neither tells the
 * fingerprint, `STORE_SPACE_MISMATCH` when they differ, `CORRUPT`.
 */
export function resolveClassicSpace(members: Readonly<Record<string, unknown>>, claimed: ClaimedSpace): EmbeddingSpace {
  const { model, dimensions, fingerprint } = members
  const { path, space } = claimed
  if (dimensions !== undefined && (!isCount(dimensions) || dimensions === 0)) {
    throw classicError(path, `its number of dimensions is ${JSON.stringify(dimensions)}`)
  }
  if (space === undefined) {
    if (typeof model === 'string' && typeof fingerprint === 'string' && isCount(dimensions)) {
      return { model, dimensions, fingerprint }
    }
    throw unknownError(
      path,
      'which space its vectors are of: the name of a model says neither its pooling nor its prefix',
      `Say it: option space, that of the embedder whose vectors they are (indexer import --model <name>)${typeof model === 'string' ? `; the file names the model ${model}` : ''}.`,
    )
  }
  checkModel(model, { ...claimed, space })
  if (dimensions !== undefined && dimensions !== space.dimensions) {
    throw mismatch(
      path,
      `holds vectors of ${dimensions} dimensions, not of ${space.dimensions}`,
      'Name the model that has made them.',
    )
  }
  if (fingerprint !== undefined && fingerprint !== space.fingerprint) {
    throw mismatch(
      path,
      'holds vectors of another space than the one that was named',
      'Name the space of the file, or none.',
    )
  }
  const { model: name, dimensions: numbers, fingerprint: print } = space
  return { model: name, dimensions: numbers, fingerprint: print }
}
