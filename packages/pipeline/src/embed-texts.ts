import { errorMessage, QuernError, isQuernError } from '@quern/core'
import type { Chunk, Embedder, ReusableVector } from '@quern/core'

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

/** A chunk whose text has not been embedded. */
type Unembedded = Pick<Chunk, 'embedText' | 'textHash'>

/** Codes that blame one text and leave the embedder usable. */
const textCodes: ReadonlySet<string> = new Set(['TEXT_EMPTY', 'TEXT_TOO_LONG', 'VECTOR_INVALID'])
/** After so many texts in a row without a sound vector, the embedder is asked for one that any embedder can give. */
const mostInvalid = 8
/** So many texts in a row that fail alone are not to blame, whatever becomes of a plain one. */
const mostFailed = 8
const plainText = 'A quern is a hand mill.'

/** What a plain text fails with; undefined where the embedder gives a sound vector. */
async function plainFailure(embedder: Embedder, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    await embedder.embedQuery(plainText, { signal })
    return undefined
  } catch (error) {
    return signal?.aborted === true ? signal.reason : error
  }
}

/** What ends the work of an embedder that gives sound vectors no more (or the signal's reason); undefined where it still does. */
async function faultOf(embedder: Embedder, refusal: QuernError, signal: AbortSignal | undefined): Promise<unknown> {
  const failure = await plainFailure(embedder, signal)
  if (failure === undefined || signal?.aborted === true) return failure
  const reason = `${mostInvalid} texts in a row, and then a plain one, got no sound vector: ${errorMessage(failure)}`
  return new QuernError('EMBEDDER_FAILED', `the embedder of ${embedder.space.model} has failed: ${reason}`, {
    hint:
      refusal.hint ??
      'Look at the log of the server, or check the file of the model. What has been embedded is kept; run again.',
    cause: failure,
  })
}

/** The work on some chunks: what has been done, and how many texts are sent together. */
class EmbeddingWork<C extends Unembedded> {
  readonly vectors = new Map<string, ReusableVector>()
  readonly refused = new Map<string, QuernError>()
  readonly #chunks: readonly C[]
  readonly #options: EmbedTextsOptions<C>
  /** Texts in a row without a sound vector, and those that failed alone. */
  #invalid: string[] = []
  #failed: string[] = []
  #next = 0
  #window: number

  constructor(chunks: readonly C[], options: EmbedTextsOptions<C>) {
    this.#chunks = chunks
    this.#options = options
    this.#window = chunks.length
  }

  /** Resolves with what ended the work before its time. */
  async run(): Promise<unknown> {
    while (this.#next < this.#chunks.length) {
      const first = this.#next
      const part = this.#chunks.slice(first, first + this.#window)
      let failure: unknown
      try {
        await this.#send(part)
        this.#window *= 2
        continue
      } catch (error) {
        failure = error
      }
      const stoppedBy = await this.#goOnAfter(failure, first, part.length)
      if (stoppedBy !== undefined) return stoppedBy
    }
    return undefined
  }

  async #send(part: readonly C[]): Promise<void> {
    const { embedder, signal, onEmbedded } = this.#options
    const texts = part.map(({ embedText }) => embedText)
    let count = 0
    for await (const vector of embedder.embedDocuments(texts, { signal })) {
      const chunk = part[count++]
      if (chunk === undefined) throw this.#miscounted(part, 'more vectors than it was given texts')
      this.#next++
      this.vectors.set(chunk.textHash, { vector, createdAt: new Date().toISOString() })
      this.#invalid = []
      this.#failed = []
      onEmbedded(chunk)
    }
    if (count < part.length) throw this.#miscounted(part, `${count} vectors for ${part.length} texts`)
  }

  /** The embedder breaks its contract: which vector is which text's cannot be told, so none of them is kept. */
  #miscounted(part: readonly C[], what: string): QuernError {
    for (const { textHash } of part) this.vectors.delete(textHash)
    return new QuernError('EMBEDDER_FAILED', `the embedder gave ${what}`, { details: { miscounted: true } })
  }

  /** What ends the work; undefined where it can go on, without the text that is to blame or with fewer at a time. */
  async #goOnAfter(error: unknown, first: number, sent: number): Promise<unknown> {
    if (!isQuernError(error)) return error
    if (textCodes.has(error.code)) return this.#goOnAfterRefusal(error, first)
    if (error.code !== 'EMBEDDER_FAILED' || error.details['miscounted'] === true) return error
    const { embedder, signal } = this.#options
    const failure = await plainFailure(embedder, signal)
    if (failure !== undefined) return signal?.aborted === true ? failure : error
    const left = first + sent - this.#next
    if (left > 1) {
      this.#window = Math.ceil(left / 2)
      return undefined
    }
    const { textHash } = this.#chunks[this.#next++] as C
    this.#window = 1
    this.refused.set(textHash, error)
    return this.#failed.push(textHash) < mostFailed ? undefined : this.#clear(this.#failed, error)
  }

  async #goOnAfterRefusal(error: QuernError, first: number): Promise<unknown> {
    const { embedder, signal } = this.#options
    const index = error.details['index']
    const place = typeof index === 'number' ? first + index : -1
    const chunk = this.#chunks[place]
    if (chunk === undefined || place < this.#next) return error
    this.refused.set(chunk.textHash, error)
    this.#next = place + 1
    if (error.code !== 'VECTOR_INVALID' || this.#invalid.push(chunk.textHash) < mostInvalid) return undefined
    const stoppedBy = await faultOf(embedder, error, signal)
    if (stoppedBy !== undefined) return this.#clear(this.#invalid, stoppedBy)
    this.#invalid = []
    return undefined
  }

  /** These texts are not to blame. */
  #clear(textHashes: readonly string[], stoppedBy: unknown): unknown {
    for (const textHash of textHashes) this.refused.delete(textHash)
    return stoppedBy
  }
}

/**
 * Embeds chunks of distinct texts in order. A text that is refused is noted and passed over. Where the embedder fails
 * (`EMBEDDER_FAILED`) and still embeds a plain text, what is left of the texts is sent again in halves, until a text that fails alone is
 * passed over, too. Anything else that goes wrong ends the work, keeping the vectors so far. So does an embedder that gives no sound
 * vector to several texts in a row and to a plain one, or fails at several texts in a row: those texts are not to blame.
 */
export async function embedTexts<C extends Unembedded>(
  chunks: readonly C[],
  options: EmbedTextsOptions<C>,
): Promise<Embedding> {
  const work = new EmbeddingWork(chunks, options)
  const stoppedBy = await work.run()
  const { vectors, refused } = work
  return { vectors, refused, stoppedBy }
}
