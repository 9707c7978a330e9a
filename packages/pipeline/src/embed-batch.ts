import { QuernError, isQuernError } from '@quern/core'
import type { Chunk, Embedder, ReusableVector, SourceChunks, VectorStore } from '@quern/core'
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
  readonly signal: AbortSignal | undefined
  /** Called once the texts to embed are known, for each source. */
  readonly onLoaded: (source: PreparedSource, toEmbed: number) => void
  /** Called after each vector. */
  readonly onEmbedded: (chunk: Chunk) => void
}

/** Codes that blame one text and leave the embedder usable. */
const textCodes: ReadonlySet<string> = new Set(['TEXT_EMPTY', 'TEXT_TOO_LONG', 'VECTOR_INVALID'])

interface Embedding {
  readonly vectors: Map<string, ReusableVector>
  readonly refused: Map<string, QuernError>
  readonly stoppedBy: unknown
}

/**
 * Embeds chunks of distinct texts in order. A text that is refused is noted and passed over; anything else that goes wrong
 * ends the work, keeping the vectors so far.
 */
async function embedTexts(chunks: readonly Chunk[], options: EmbedBatchOptions): Promise<Embedding> {
  const { embedder, signal, onEmbedded } = options
  const vectors = new Map<string, ReusableVector>()
  const refused = new Map<string, QuernError>()
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
    }
  }
  return { vectors, refused, stoppedBy: undefined }
}

/** The chunks of a batch whose text has no vector yet, one for each distinct text, in order. */
function chunksToEmbed(
  sources: readonly PreparedSource[],
  options: EmbedBatchOptions,
  known: ReadonlyMap<string, unknown>,
): Chunk[] {
  const wanted = new Map<string, Chunk>()
  for (const source of sources) {
    const before = wanted.size
    for (const chunk of source.chunks) {
      if (!known.has(chunk.textHash) && !wanted.has(chunk.textHash)) wanted.set(chunk.textHash, chunk)
    }
    options.onLoaded(source, wanted.size - before)
  }
  return [...wanted.values()]
}

/** Finds the vectors of a batch's texts in the store, embeds the rest, and puts whole sources together. */
export async function embedBatch(
  sources: readonly PreparedSource[],
  options: EmbedBatchOptions,
): Promise<EmbeddedBatch> {
  const hashes = new Set(sources.flatMap(({ chunks }) => chunks.map(({ textHash }) => textHash)))
  const known = await options.store.findVectors([...hashes], { signal: options.signal })
  const { vectors, refused, stoppedBy } = await embedTexts(chunksToEmbed(sources, options, known), options)

  const whole: SourceChunks[] = []
  const failed: FailedSource[] = []
  const firstUse = new Set(vectors.keys())
  let reused = 0
  for (const { state, chunks } of sources) {
    const error = chunks.map(({ textHash }) => refused.get(textHash)).find((value) => value !== undefined)
    if (error !== undefined) {
      failed.push({ id: state.id, error })
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
  return { whole, failed, embedded: vectors.size, reused, stoppedBy }
}
