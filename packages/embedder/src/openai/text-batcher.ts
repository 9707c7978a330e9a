import { isQuernError } from '@quern/core'

/** A text on its way into a request. */
interface BatchText {
  /** With the prefix. */
  readonly text: string
  readonly tokens: number
  /** Position in the input of `embedDocuments`. */
  readonly index: number
}

/** A vector as it came, not yet checked. */
export type RawVector = ArrayLike<number>

/** Puts texts into requests. */
export interface TextBatcher {
  /** The vector of a text. Rejects with what its request rejected with. */
  add(text: BatchText): Promise<RawVector>
}

/** How texts are put together. */
export interface TextBatcherOptions {
  readonly mostTexts: number
  readonly mostTokens: number
  /** One vector for each text, in order. */
  readonly embed: (texts: readonly BatchText[]) => Promise<readonly RawVector[]>
  /** Runs `request` once it may run, or rejects without running it. */
  readonly queue: (request: () => Promise<void>) => Promise<void>
}

interface Waiting extends BatchText {
  readonly resolve: (vector: RawVector) => void
  readonly reject: (error: unknown) => void
}

/**
 * Sends texts. A request that is refused because something in it is too long is sent again in halves, so that the other texts get their vectors and
 * the refusal is that of one text.
 */
async function send(batch: readonly Waiting[], embed: TextBatcherOptions['embed']): Promise<void> {
  try {
    const vectors = await embed(batch)
    for (const [position, { resolve }] of batch.entries()) resolve(vectors[position] as RawVector)
  } catch (error) {
    if (batch.length > 1 && isQuernError(error, 'TEXT_TOO_LONG')) {
      const half = Math.ceil(batch.length / 2)
      await send(batch.slice(0, half), embed)
      await send(batch.slice(half), embed)
      return
    }
    for (const { reject } of batch) reject(error)
  }
}

/** How many of the texts, from the first on, fill one request. At least one. */
function batchSize(texts: readonly BatchText[], { mostTexts, mostTokens }: TextBatcherOptions): number {
  let tokens = 0
  for (const [position, text] of texts.entries()) {
    tokens += text.tokens
    if (position === mostTexts || (position > 0 && tokens > mostTokens)) return position
  }
  return texts.length
}

/**
 * Collects texts into requests. A request goes out when it is full, or when nothing more comes in at once; while it waits for its turn it is
 * filled up. So a slow input holds nothing back, and a fast one makes full requests.
 */
export function createTextBatcher(options: TextBatcherOptions): TextBatcher {
  const { mostTexts, mostTokens, embed, queue } = options
  const waiting: Waiting[] = []
  let tokens = 0
  let queued = false
  let quiet: NodeJS.Immediate | undefined

  const take = (count: number): Waiting[] => {
    const batch = waiting.splice(0, count)
    for (const text of batch) tokens -= text.tokens
    return batch
  }
  const request = async (): Promise<void> => {
    queued = false
    const batch = take(batchSize(waiting, options))
    plan()
    if (batch.length > 0) await send(batch, embed)
  }
  const enqueue = (): void => {
    if (queued || waiting.length === 0) return
    queued = true
    queue(request).catch((error: unknown) => {
      queued = false
      for (const { reject } of take(waiting.length)) reject(error)
    })
  }
  function plan(): void {
    if (waiting.length >= mostTexts || tokens >= mostTokens) enqueue()
    else {
      quiet ??= setImmediate(() => {
        quiet = undefined
        enqueue()
      })
    }
  }
  return {
    async add(text) {
      const { promise, resolve, reject } = Promise.withResolvers<RawVector>()
      waiting.push({ ...text, resolve, reject })
      tokens += text.tokens
      plan()
      return promise
    },
  }
}
