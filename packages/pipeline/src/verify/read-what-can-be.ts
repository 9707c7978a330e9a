import { isQuernError } from '@quern/core'
import type { CallOptions, QuernError, SourceChunks, SourceState, VectorStore } from '@quern/core'
import { readSources } from '../copy/read-sources.ts'

/** A source as far as it could be read. */
export type ReadSource = SourceChunks | { readonly state: SourceState; readonly error: QuernError }

async function readOne(store: VectorStore, state: SourceState, options: CallOptions): Promise<ReadSource> {
  try {
    return { state, chunks: await Array.fromAsync(store.getChunks({ sources: [state.id], ...options })) }
  } catch (error) {
    if (!isQuernError(error, 'STORE_CORRUPT')) throw error
    return { state, error }
  }
}

/**
 * The sources of these states in order, whatever is wrong with some: with the chunks that the store gives, or with the error. Read together,
 * and from the first one on that is damaged each for itself. Rejects with anything but `STORE_CORRUPT`.
 */
export async function* readWhatCanBe(
  store: VectorStore,
  states: readonly SourceState[],
  options: CallOptions,
): AsyncGenerator<ReadSource> {
  let read = 0
  try {
    for await (const source of readSources(store, states, options)) {
      yield source
      read++
    }
    return
  } catch (error) {
    if (!isQuernError(error, 'STORE_CORRUPT')) throw error
  }
  for (const state of states.slice(read)) yield await readOne(store, state, options)
}
