import type { CallOptions, SearchMode, VectorStore } from '@quern/core'
import { checkQuery } from '@quern/core'
import { locateTexts, readVectors } from './find-vectors.ts'
import type { ReadOptions } from './read-chunks.ts'
import { readChunks } from './read-chunks.ts'
import { createStoreSearch } from './search/store-search.ts'
import type { SourceContent } from './source-entry.ts'
import type { StoreContents } from './store-contents.ts'
import { totalBytes } from './store-contents.ts'
import { verifyStore } from './verify-store.ts'

/** The modes in which a JSON store searches. */
export const searchModes: readonly SearchMode[] = ['hybrid', 'vector', 'keyword']

/** The part of a store that changes nothing. */
export type StoreReads = Pick<VectorStore, 'listSources' | 'findVectors' | 'getChunks' | 'search' | 'stats' | 'verify'>

function contentsOf({ catalog }: StoreContents, ids: readonly string[]): SourceContent[] {
  return ids.flatMap((id) => catalog.entries.get(id)?.content ?? [])
}

/**
 * The reading calls on open contents. Each takes its picture of the catalog when it begins and holds the files until it ends. `check`
 * throws when the store is closed or the signal aborted; `vectorCache` says whether searches use the vector caches.
 */
export function createStoreReads(
  contents: StoreContents,
  check: (options: CallOptions) => void,
  vectorCache: boolean,
): StoreReads {
  const { chunkFiles } = contents
  const { dimensions } = contents.manifest.space
  const searches = createStoreSearch(contents, vectorCache)

  const readOptions = (options: CallOptions): ReadOptions => {
    check(options)
    return { dimensions, checkpoint: () => check(options) }
  }
  return {
    async *listSources(options = {}) {
      check(options)
      // A copy, so that the list is that of one moment.
      const entries = [...contents.catalog.entries.values()]
      for (const { state } of entries) {
        check(options)
        yield { ...state }
      }
    },
    async findVectors(textHashes, options = {}) {
      const reading = readOptions(options)
      await using _ = chunkFiles.hold()
      return await readVectors(locateTexts(contents.catalog, textHashes), reading)
    },
    async *getChunks(query = {}) {
      const reading = readOptions(query)
      const { ids, sources } = query
      const chosen = sources === undefined || ids !== undefined ? searches.contents() : contentsOf(contents, sources)
      await using _ = chunkFiles.hold()
      if (ids === undefined) yield* readChunks(chosen, reading)
      else yield* searches.chunksById(chosen, [...ids], reading.checkpoint)
    },
    async search(query) {
      const reading = readOptions(query)
      checkQuery(query, dimensions, searchModes)
      await using _ = chunkFiles.hold()
      const { vector } = query
      const fixed = vector === undefined ? { ...query } : { ...query, vector: vector.slice() }
      return await searches.search(fixed, reading.checkpoint)
    },
    async *verify(options = {}) {
      const reading = readOptions(options)
      await using _ = chunkFiles.hold()
      yield* verifyStore(contents, reading)
    },
    async stats() {
      check({})
      const { sources, chunks, createdAt, updatedAt } = contents.manifest
      return {
        type: 'json',
        location: contents.path,
        sources,
        chunks,
        bytes: totalBytes(contents),
        createdAt,
        updatedAt,
      }
    },
  }
}
