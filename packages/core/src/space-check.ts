import type { EmbeddingSpace } from './embedding-space.ts'
import { QuernError } from './quern-error.ts'

function describe(space: EmbeddingSpace): string {
  return `${space.model} (${space.dimensions} dimensions, fingerprint ${space.fingerprint.slice(0, 12)})`
}

/** What sets two spaces apart, for people. */
function difference(
  stored: EmbeddingSpace,
  wanted: EmbeddingSpace,
): { readonly reason: string; readonly hint: string } {
  const another = 'another store (--store-path <folder>)'
  if (stored.model === wanted.model && stored.dimensions === wanted.dimensions) {
    return {
      reason: 'they have one name, but differ in the model file, its pooling or the document prefix',
      hint: `Go back to the file and the document prefix that the store was made with, or use ${another}.`,
    }
  }
  return {
    reason: 'vectors of two models cannot be compared',
    hint: `Use the model of the store (--model ${stored.model}); or bring the store to this model, from its stored texts: indexer reembed --model ${wanted.model}; or use ${another} for this model.`,
  }
}

/** Rejects with `STORE_SPACE_MISMATCH`, naming both sides, unless the two spaces have the same fingerprint. */
export function checkSameSpace(stored: EmbeddingSpace, wanted: EmbeddingSpace, location: string): void {
  if (stored.fingerprint === wanted.fingerprint) return
  const { reason, hint } = difference(stored, wanted)
  throw new QuernError(
    'STORE_SPACE_MISMATCH',
    `the store ${location} holds vectors of ${describe(stored)}, but the configured model is ${describe(wanted)}; ${reason}`,
    { hint, details: { stored: { ...stored }, wanted: { ...wanted } } },
  )
}
