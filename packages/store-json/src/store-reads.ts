import type { CallOptions, SearchMode, VectorStore } from '@quern/core'
import { checkQuery } from '@quern/core'
import { locateTexts, readVectors } from './find-vectors.ts'
import { loadRows } from './search/load-rows.ts'
import type { ReadOptions } from './read-chunks.ts'
import { readChunks, readChunksById } from './read-chunks.ts'
import { searchRows } from './search/search-rows.ts'
import { createSerialQueue } from './serial-queue.ts'
import type { SourceContent } from './source-entry.ts'
import type { StoreContents } from './store-contents.ts'
import { totalBytes } from './store-contents.ts'
import { verifyStore } from './verify-store.ts'

/** The modes in which a JSON store searches. */
export const searchModes: readonly SearchMode[] = ['vector']

/** The part of a store that changes nothing. */
export type StoreReads = Pick<VectorStore, 'listSources' | 'findVectors' | 'getChunks' | 'search' | 'stats' | 'verify'>

function contentsOf({ catalog }: StoreContents, ids?: readonly string[]): SourceContent[] {
  if (ids === undefined) return Array.from(catalog.entries.values(), ({ content }) => content)
  return ids.flatMap((id) => catalog.entries.get(id)?.content ?? [])
}

/**
 * The reading calls on open contents. Each takes its picture of the catalog when it begins and holds the files until it ends. `check`
 * throws when the store is closed or the signal aborted.
 */
export function createStoreReads(contents: StoreContents, check: (options: CallOptions) => void): StoreReads {
  const { chunkFiles } = contents
  const { dimensions } = contents.manifest.space
  const loads = createSerialQueue()

  const readOptions = (options: CallOptions): ReadOptions => {
    check(options)
    return { dimensions, checkpoint: () => check(options) }
  }
  // One at a time: the next finds loaded what the one before has loaded.
  const load = (wanted: readonly SourceContent[], { checkpoint }: ReadOptions): Promise<void> =>
    loads.run(() => loadRows(wanted, dimensions, checkpoint))
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
      const chosen = contentsOf(contents, query.ids === undefined ? query.sources : undefined)
      await using _ = chunkFiles.hold()
      if (query.ids === undefined) {
        yield* readChunks(chosen, reading)
        return
      }
      const ids = [...query.ids]
      await load(chosen, reading)
      yield* readChunksById(chosen, ids, reading)
    },
    async search(query) {
      const reading = readOptions(query)
      checkQuery(query, dimensions, searchModes)
      const chosen = contentsOf(contents)
      const vector = (query.vector as Float32Array).slice()
      await using _ = chunkFiles.hold()
      await load(chosen, reading)
      return await searchRows(chosen, { ...query, vector }, reading.checkpoint)
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
