import { cosineSimilarity, isQuernError } from '@quern/core'
import type { Embedder, StoredChunk } from '@quern/core'
import { embedTexts } from '../embed-texts.ts'
import type { StoreFinding } from './store-finding.ts'

/** What is compared of a stored chunk. */
export type SampledChunk = Pick<StoredChunk, 'id' | 'embedText' | 'textHash' | 'metadata' | 'vector'>

/** Least cosine of two vectors of one text: the same model on other hardware gives all but the same. */
const leastCosine = 0.999

export interface CompareSamplesOptions {
  readonly embedder: Embedder
  readonly signal?: AbortSignal | undefined
  /** Called after each text, with the number of those embedded so far. */
  readonly onCompared: (compared: number) => void
}

function finding({ id, metadata }: SampledChunk, message: string): StoreFinding {
  const { source } = metadata
  return {
    check: 'embedding',
    place: source,
    message: `chunk ${metadata.chunk} (${id.slice(0, 12)}): ${message}`,
    sources: [source],
  }
}

/** Embeds the texts of these chunks anew and yields those whose stored vector points elsewhere. Rejects as the embedder does. */
export async function* compareSamples(
  samples: readonly SampledChunk[],
  { embedder, signal, onCompared }: CompareSamplesOptions,
): AsyncGenerator<StoreFinding> {
  const distinct = [...new Map(samples.map((chunk) => [chunk.textHash, chunk])).values()]
  let compared = 0
  const embedding = await embedTexts(distinct, { embedder, signal, onEmbedded: () => onCompared(++compared) })
  if (embedding.stoppedBy !== undefined) throw embedding.stoppedBy
  for (const chunk of samples) {
    const refusal = embedding.refused.get(chunk.textHash)
    const fresh = embedding.vectors.get(chunk.textHash)?.vector
    if (isQuernError(refusal)) yield finding(chunk, `its text cannot be embedded: ${refusal.message}`)
    if (fresh === undefined) continue
    const cosine = cosineSimilarity(chunk.vector, fresh)
    if (!(cosine >= leastCosine)) {
      yield finding(
        chunk,
        `its vector has a cosine of ${cosine.toFixed(4)} with that of its text embedded anew; at least ${leastCosine} is expected`,
      )
    }
  }
}
