import type { StoreFault } from '@quern/core'
import { isQuernError } from '@quern/core'
import type { ReadOptions } from './read-chunks.ts'
import { readChunks } from './read-chunks.ts'
import type { StoreContents } from './store-contents.ts'

/** Reads every stored chunk and yields the sources whose lines are damaged. What opening reads was checked when the store was opened. */
export async function* verifyStore({ catalog }: StoreContents, options: ReadOptions): AsyncIterable<StoreFault> {
  const entries = Array.from(catalog.entries.values())
  for (const { state, content } of entries) {
    try {
      for await (const _ of readChunks([content], options)) options.checkpoint()
    } catch (error) {
      if (!isQuernError(error, 'STORE_CORRUPT') || content.range === undefined) throw error
      yield { place: content.range.file.path, message: error.message, sources: [state.id] }
    }
  }
}
