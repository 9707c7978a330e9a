import { isQuernError } from '@quern/core'
import type { Embedder, EmbeddingSpace } from '@quern/core'
import { formatDuration } from '../report/format.ts'
import type { Check } from './check.ts'

/** What the model turned out to be. */
export interface CheckedModel {
  readonly check: Check
  /** Undefined where it cannot be used. */
  readonly space: EmbeddingSpace | undefined
}

/** Opens the model, and embeds a text with it. */
export async function checkModel(open: () => Promise<Embedder>, signal: AbortSignal): Promise<CheckedModel> {
  const name = 'model'
  try {
    await using embedder = await open()
    const startedAt = performance.now()
    await embedder.embedQuery('Does this model work?', { signal })
    const { space, maxTokens } = embedder
    const facts = [`${space.dimensions} dimensions`, `texts of up to ${maxTokens} tokens`]
    const message = `${space.model}, ${facts.join(', ')}; first vector after ${formatDuration(performance.now() - startedAt)}`
    return { check: { name, level: 'ok', message }, space: { ...space } }
  } catch (error) {
    if (!isQuernError(error)) throw error
    const { message, hint = 'Name another with --model.' } = error
    return { check: { name, level: 'fail', message, fix: hint }, space: undefined }
  }
}
