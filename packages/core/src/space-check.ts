import type { EmbeddingSpace } from './embedding-space.ts'
import { QuernError } from './quern-error.ts'

function describe(space: EmbeddingSpace): string {
  return `${space.model} (${space.dimensions} dimensions, fingerprint ${space.fingerprint.slice(0, 12)})`
}

/** Rejects with `STORE_SPACE_MISMATCH`, naming both sides, unless the two spaces have the same fingerprint. */
export function checkSameSpace(stored: EmbeddingSpace, wanted: EmbeddingSpace, location: string): void {
  if (stored.fingerprint === wanted.fingerprint) return
  throw new QuernError(
    'STORE_SPACE_MISMATCH',
    `the store ${location} holds vectors of ${describe(stored)}, but the configured model is ${describe(wanted)}; vectors of two models cannot be compared`,
    {
      hint: `Use the model of the store (--model ${stored.model}), or another store for this model (--store-path <folder>).`,
      details: { stored: { ...stored }, wanted: { ...wanted } },
    },
  )
}
