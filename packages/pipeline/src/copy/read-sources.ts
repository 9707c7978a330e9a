import { QuernError } from '@quern/core'
import type { CallOptions, SourceChunks, SourceState, StoredChunk, VectorStore } from '@quern/core'

/** How many sources are asked for in one query. */
const sourcesPerQuery = 256

/** The elements of an iteration in groups of this size; the last one may be smaller. */
export async function* inGroups<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let group: T[] = []
  for await (const item of items) {
    group.push(item)
    if (group.length < size) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}

function corrupt(message: string, source: string): QuernError {
  return new QuernError('STORE_CORRUPT', message, {
    hint: 'If another process writes to the store, wait for its end; else look for what else is wrong: indexer verify.',
    details: { source },
  })
}

function whole(state: SourceState, chunks: readonly StoredChunk[]): SourceChunks {
  if (chunks.length === state.chunkCount) return { state, chunks }
  throw corrupt(
    `the store has ${chunks.length} chunks of ${state.id}, and its state says ${state.chunkCount}`,
    state.id,
  )
}

/**
 * The sources of these states with all their chunks, in the order of the states, one source in memory at a time. Rejects with
 * `STORE_CORRUPT` when the store does not have as many chunks of one as its state says.
 */
export async function* readSources(
  store: VectorStore,
  states: readonly SourceState[],
  options: CallOptions,
): AsyncGenerator<SourceChunks> {
  const order = states.values()
  let state = order.next().value
  let chunks: StoredChunk[] = []
  for await (const chunk of store.getChunks({ sources: states.map(({ id }) => id), ...options })) {
    while (state !== undefined && state.id !== chunk.metadata.source) {
      yield whole(state, chunks)
      state = order.next().value
      chunks = []
    }
    if (state === undefined) {
      throw corrupt(
        `the store has a chunk of ${chunk.metadata.source} among those of other sources`,
        chunk.metadata.source,
      )
    }
    chunks.push(chunk)
  }
  for (; state !== undefined; state = order.next().value) {
    yield whole(state, chunks)
    chunks = []
  }
}

/** Everything that a store holds, source by source. */
export async function* readStore(store: VectorStore, options: CallOptions): AsyncGenerator<SourceChunks> {
  for await (const states of inGroups(store.listSources(options), sourcesPerQuery)) {
    yield* readSources(store, states, options)
  }
}
