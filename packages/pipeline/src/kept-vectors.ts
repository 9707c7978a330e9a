import type { ReusableVector, SourceChunks, VectorStore } from '@quern/core'
import type { MadePlan } from './make-plan.ts'

/**
 * Vectors that a run has at hand beside the store: of texts that a commit of this run replaced, which may stand in a source that
 * comes later, and of texts whose source could not be committed. Bounded; what was kept first goes first.
 */
export interface KeptVectors {
  get(textHash: string): ReusableVector | undefined
  add(textHash: string, vector: ReusableVector): void
}

/** Most numbers that are kept: 64 MiB of them. */
const mostNumbers = 2 ** 24

/** Keeps vectors. */
export function createKeptVectors(limit = mostNumbers): KeptVectors {
  const kept = new Map<string, ReusableVector>()
  let numbers = 0
  return {
    get: (textHash) => kept.get(textHash),
    add(textHash, vector) {
      if (kept.has(textHash)) return
      kept.set(textHash, vector)
      numbers += vector.vector.length
      for (const [oldest, { vector: old }] of kept) {
        if (numbers <= limit) break
        kept.delete(oldest)
        numbers -= old.length
      }
    },
  }
}

/** Keeps the vectors that committing `puts` would lose: those of texts that their sources had and have no more. Stale ones may go. */
export async function keepReplaced(
  kept: KeptVectors,
  store: VectorStore,
  puts: readonly SourceChunks[],
  { states, refresh }: Pick<MadePlan, 'states' | 'refresh'>,
): Promise<void> {
  const sources = puts.map(({ state }) => state.id).filter((id) => (states.get(id)?.chunkCount ?? 0) > 0)
  if (sources.length === 0) return
  const staying = new Set(puts.flatMap(({ chunks }) => chunks.map(({ textHash }) => textHash)))
  for await (const { textHash, vector, createdAt } of store.getChunks({ sources })) {
    if (!staying.has(textHash) && refresh?.isStale({ createdAt }) !== true) kept.add(textHash, { vector, createdAt })
  }
}
