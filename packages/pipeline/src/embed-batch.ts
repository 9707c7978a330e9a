import { errorMessage, QuernError, isQuernError } from '@quern/core'
import type { Chunk, Embedder, ReusableVector, SourceChunks, VectorStore } from '@quern/core'
import type { KeptVectors } from './kept-vectors.ts'
import { lookUp } from './look-up.ts'
import { nameChunk } from './name-chunk.ts'
import type { FailedSource, PreparedSource } from './prepare-source.ts'

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
  /** Vectors of the store that are not used again. */
  readonly isStale?: ((vector: ReusableVector) => boolean) | undefined
  readonly signal: AbortSignal | undefined
  /** Called once the texts to embed are known, for each source. */
  readonly onLoaded: (source: PreparedSource, toEmbed: number) => void
  /** Called after each vector. */
  readonly onEmbedded: (chunk: Chunk) => void
}

/** Codes that blame one text and leave the embedder usable. */
const textCodes: ReadonlySet<string> = new Set(['TEXT_EMPTY', 'TEXT_TOO_LONG', 'VECTOR_INVALID'])
/** After so many texts in a row without a sound vector, the embedder is asked for one that any embedder can give. */
const mostInvalid = 8
const plainText = 'A quern is a hand mill.'

/** What became of some texts, by their hashes. */
export interface Embedding {
  readonly vectors: Map<string, ReusableVector>
  readonly refused: Map<string, QuernError>
  /** What ended the work before its time. */
  readonly stoppedBy: unknown
}

/** How texts are embedded. */
export interface EmbedTextsOptions<C> {
  readonly embedder: Embedder
  readonly signal: AbortSignal | undefined
  /** Called after each vector. */
  readonly onEmbedded: (chunk: C) => void
}

/** What ends the work of an embedder that gives sound vectors no more (or the signal's reason); undefined where it still does. */
async function faultOf(embedder: Embedder, refusal: QuernError, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    await embedder.embedQuery(plainText, { signal })
    return undefined
  } catch (error) {
    if (signal?.aborted === true) return signal.reason
    const reason = `${mostInvalid} texts in a row, and then a plain one, got no sound vector: ${errorMessage(error)}`
    return new QuernError('EMBEDDER_FAILED', `the embedder of ${embedder.space.model} has failed: ${reason}`, {
      hint:
        refusal.hint ??
        'Look at the log of the server, or check the file of the model. What has been embedded is kept; run again.',
      cause: error,
    })
  }
}

/**
 * Embeds chunks of distinct texts in order. A text that is refused is noted and passed over; anything else that goes wrong
 * ends the work, keeping the vectors so far. So does an embedder that gives no sound vector to several texts in a row and to a plain
 * one: those texts are not to blame.
 */
export async function embedTexts<C extends Pick<Chunk, 'embedText' | 'textHash'>>(
  chunks: readonly C[],
  options: EmbedTextsOptions<C>,
): Promise<Embedding> {
  const { embedder, signal, onEmbedded } = options
  const vectors = new Map<string, ReusableVector>()
  const refused = new Map<string, QuernError>()
  const invalid: string[] = []
  let next = 0
  while (next < chunks.length) {
    const first = next
    const texts = chunks.slice(first).map(({ embedText }) => embedText)
    try {
      for await (const vector of embedder.embedDocuments(texts, { signal })) {
        const chunk = chunks[next++]
        if (chunk === undefined)
          throw new QuernError('EMBEDDER_FAILED', 'the embedder gave more vectors than it was given texts')
        vectors.set(chunk.textHash, { vector, createdAt: new Date().toISOString() })
        invalid.length = 0
        onEmbedded(chunk)
      }
      if (next < chunks.length) {
        throw new QuernError('EMBEDDER_FAILED', `the embedder gave ${next - first} vectors for ${texts.length} texts`)
      }
    } catch (error) {
      const index = isQuernError(error) ? error.details['index'] : undefined
      const chunk = typeof index === 'number' ? chunks[first + index] : undefined
      if (!isQuernError(error) || !textCodes.has(error.code) || chunk === undefined || first + Number(index) < next) {
        return { vectors, refused, stoppedBy: error }
      }
      refused.set(chunk.textHash, error)
      next = first + Number(index) + 1
      if (error.code !== 'VECTOR_INVALID' || invalid.push(chunk.textHash) < mostInvalid) continue
      const stoppedBy = await faultOf(embedder, error, signal)
      if (stoppedBy !== undefined) {
        for (const textHash of invalid) refused.delete(textHash)
        return { vectors, refused, stoppedBy }
      }
      invalid.length = 0
    }
  }
  return { vectors, refused, stoppedBy: undefined }
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
  if (options.isStale !== undefined) for (const [textHash, vector] of vectors) options.kept.add(textHash, vector)
  return { whole, failed, embedded: vectors.size, reused, stoppedBy }
}
