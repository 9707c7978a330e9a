import { errorMessage, isQuernError, QuernError } from '@quern/core'
import type { Chunk, Source, SourceState } from '@quern/core'
import { recipeOf } from './make-plan.ts'
import type { Stages } from './make-plan.ts'

/** A source that was loaded and split, ready to be embedded. */
export interface PreparedSource {
  readonly state: SourceState
  readonly chunks: readonly Chunk[]
  /** Characters of all texts, for the memory budget of a batch. */
  readonly size: number
}

/** A source that could not be prepared, with the reason. */
export interface FailedSource {
  readonly id: string
  readonly error: QuernError
}

/** Loads the model before the first text is counted; later calls return the same promise. */
export type EnsureModel = () => Promise<void>

/** Anything thrown while a source was loaded (`loaded` is false) or split, as an error that names the source. */
function sourceError(id: string, thrown: unknown, loaded: boolean): QuernError {
  if (isQuernError(thrown)) return thrown
  return loaded
    ? new QuernError('CORRUPT', `${id} could not be split: ${errorMessage(thrown)}`, {
        cause: thrown,
        hint: 'Exclude the file, and report this as a fault of the chunker.',
      })
    : new QuernError('CORRUPT', `${id} could not be read as a document: ${errorMessage(thrown)}`, {
        cause: thrown,
        hint: 'Repair or exclude the file. If other programs open it without complaint, report it as a fault of its reader.',
      })
}

/**
 * Loads and splits one source. What is wrong with the source itself comes back as a `FailedSource`; an abort (with the signal's
 * reason), a model that cannot be loaded or a wrong option rejects.
 */
export async function prepareSource(
  source: Source,
  stages: Stages,
  options: { readonly ensureModel: EnsureModel; readonly signal: AbortSignal | undefined },
): Promise<PreparedSource | FailedSource> {
  const { signal, ensureModel } = options
  let loaded = false
  try {
    signal?.throwIfAborted()
    const { document, contentHash } = await source.load({ signal })
    loaded = true
    if (document.pageContent.trim() !== '') await ensureModel()
    const chunks: Chunk[] = []
    let size = 0
    for await (const chunk of stages.chunker.split(document)) {
      signal?.throwIfAborted()
      chunks.push(chunk)
      size += chunk.pageContent.length + chunk.embedText.length
    }
    const { id, modifiedAt, observedAt } = source
    const recipe = recipeOf(source, stages.chunker)
    const state = { id, contentHash, size: source.size, modifiedAt, observedAt, recipe, chunkCount: chunks.length }
    return { state, chunks, size }
  } catch (error) {
    signal?.throwIfAborted()
    if (concernsRun(error)) throw error
    return { id: source.id, error: sourceError(source.id, error, loaded) }
  }
}

/** Whether an error would meet every source alike. */
function concernsRun(error: unknown): boolean {
  return isQuernError(error) && /^(CONFIG|EMBEDDER|MODEL|OPTION|STORE)_/.test(error.code)
}
