import type { Chunk, ReusableVector, VectorStore } from '@quern/core'
import type { KeptVectors } from './kept-vectors.ts'
import type { PreparedSource } from './prepare-source.ts'
import type { Refresh } from './refresh.ts'

/** Where vectors are looked for. */
export interface LookUpOptions {
  readonly store: VectorStore
  readonly kept?: KeptVectors | undefined
  /** Which vectors of the store are not used again. */
  readonly refresh?: Pick<Refresh, 'isStale' | 'findFresh'> | undefined
  readonly signal: AbortSignal | undefined
}

/** What is known of the texts of some sources. */
export interface LookedUp {
  /** Vectors that are there already, by text hash. */
  readonly known: ReadonlyMap<string, ReusableVector>
  /** Of each source, the chunks whose text has no vector yet, each distinct text once, in order. */
  readonly fresh: readonly { readonly source: PreparedSource; readonly chunks: readonly Chunk[] }[]
}

/** Looks the texts of these sources up in the store and among the vectors at hand. */
export async function lookUp(
  sources: readonly PreparedSource[],
  { store, kept, refresh, signal }: LookUpOptions,
): Promise<LookedUp> {
  const hashes = new Set(sources.flatMap(({ chunks }) => chunks.map(({ textHash }) => textHash)))
  const known = new Map(await store.findVectors([...hashes], { signal }))
  if (refresh !== undefined) {
    const stale = [...known].filter(([, vector]) => refresh.isStale(vector)).map(([hash]) => hash)
    for (const hash of stale) known.delete(hash)
    for (const [hash, vector] of await refresh.findFresh(stale)) known.set(hash, vector)
  }
  for (const hash of hashes) {
    const vector = known.has(hash) ? undefined : kept?.get(hash)
    if (vector !== undefined) known.set(hash, vector)
  }
  const seen = new Set(known.keys())
  const fresh = sources.map((source) => ({
    source,
    chunks: source.chunks.filter(({ textHash }) => !seen.has(textHash) && seen.add(textHash)),
  }))
  return { known, fresh }
}
