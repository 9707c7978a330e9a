import { QuernError } from '@quern/core'
import type { Embedder, SourceChunks } from '@quern/core'
import type { FailedSource } from '../prepare-source.ts'

/**
 * The first text of a stored source that is longer than the window of a model, as the failure of its source; undefined where all fit. The model must
 * be loaded.
 */
export function overlongText({ state, chunks }: SourceChunks, embedder: Embedder): FailedSource | undefined {
  for (const { embedText, metadata } of chunks) {
    const tokens = embedder.countTokens(embedText)
    if (tokens <= embedder.maxTokens) continue
    const { chunk, lines } = metadata
    const error = new QuernError(
      'TEXT_TOO_LONG',
      `${state.id}: chunk ${chunk} (lines ${lines.from} to ${lines.to}) has ${tokens} tokens; at most ${embedder.maxTokens} fit into ${embedder.space.model}, and nothing is cut off`,
      { hint: 'The source has to be split again, for this model.', details: { source: state.id, chunk, tokens } },
    )
    return { id: state.id, error }
  }
  return undefined
}
