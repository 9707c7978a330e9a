import type { QuernError } from '@quern/core'
import type { Chunk, Embedder, ReusableVector, SourceChunks, VectorStore } from '@quern/core'
import { embedTexts } from './embed-texts.ts'
import type { KeptVectors } from './kept-vectors.ts'
import { lookUp } from './look-up.ts'
import { nameChunk } from './name-chunk.ts'
import type { FailedSource, PreparedSource } from './prepare-source.ts'
import type { Refresh } from './refresh.ts'

/** A batch after embedding: what can be committed, what failed, and why the run has to stop if it has. */
export interface EmbeddedBatch {
  readonly whole: readonly SourceChunks[]
  readonly failed: readonly FailedSource[]
  readonly embedded: number
  readonly reused: number
  /** What ended the embedding before its time (an abort, a failed model): to be thrown after `whole` has been committed. */
  readonly stoppedBy: unknown
}

export interface EmbedBatchOptions {
  readonly store: VectorStore
  readonly embedder: Embedder
  /** Vectors at hand beside the store; takes those whose source cannot be committed. */
  readonly kept: KeptVectors
  /** Which vectors of the store are not used again. */
  readonly refresh?: Pick<Refresh, 'isStale' | 'findFresh'> | undefined
  readonly signal: AbortSignal | undefined
  /** Called once the texts to embed are known, for each source. */
  readonly onLoaded: (source: PreparedSource, toEmbed: number) => void
  /** Called after each vector. */
  readonly onEmbedded: (chunk: Chunk) => void
}

/** Finds the vectors of a batch's texts in the store, embeds the rest, and puts whole sources together. */
export async function embedBatch(
  sources: readonly PreparedSource[],
  options: EmbedBatchOptions,
): Promise<EmbeddedBatch> {
  const { known, fresh } = await lookUp(sources, options)
  for (const { source, chunks } of fresh) options.onLoaded(source, chunks.length)
  const toEmbed = fresh.flatMap(({ chunks }) => chunks)
  const { vectors, refused, stoppedBy } = await embedTexts(toEmbed, options)

  const whole: SourceChunks[] = []
  const failed: FailedSource[] = []
  const firstUse = new Set(vectors.keys())
  let reused = 0
  for (const { state, chunks } of sources) {
    const blamed = chunks.find(({ textHash }) => refused.has(textHash))
    if (blamed !== undefined) {
      failed.push({ id: state.id, error: nameChunk(refused.get(blamed.textHash) as QuernError, blamed) })
      continue
    }
    const stored = chunks.flatMap((chunk) => {
      const found = known.get(chunk.textHash) ?? vectors.get(chunk.textHash)
      return found === undefined ? [] : [{ ...chunk, vector: found.vector, createdAt: found.createdAt }]
    })
    if (stored.length < chunks.length) continue
    whole.push({ state, chunks: stored })
    for (const { textHash } of stored) if (!firstUse.delete(textHash)) reused++
  }
  // Vectors whose source failed or was cut short serve the next one with the same text.
  for (const textHash of firstUse) options.kept.add(textHash, vectors.get(textHash) as ReusableVector)
  // The store may still give the stale vector of another source for the same text.
  if (options.refresh !== undefined) for (const [textHash, vector] of vectors) options.kept.add(textHash, vector)
  return { whole, failed, embedded: vectors.size, reused, stoppedBy }
}
