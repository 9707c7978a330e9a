import { setImmediate as nextTurn } from 'node:timers/promises'
import type { StoreFault } from '@quern/core'
import { storePath } from './format/store-layout.ts'
import type { ReadOptions } from './read-chunks.ts'
import type { StoreContents } from './store-contents.ts'
import { findUnusableCaches } from './verify/verify-caches.ts'
import { verifyFiles } from './verify/verify-files.ts'
import { verifySource } from './verify/verify-source.ts'

/**
 * Reads everything that an open store holds, compares it with its checksums and counts, and yields what is wrong, without stopping at the
 * first fault: the chunks of every source, ids that come twice, the root, the source files, the chunk files, files that belong to nobody,
 * caches that cannot be used.
 */
export async function* verifyStore(contents: StoreContents, options: ReadOptions): AsyncIterable<StoreFault> {
  const { catalog, path, manifest } = contents
  const entries = Array.from(catalog.entries.values())
  yield* verifyFiles(contents, options.checkpoint)
  const seen = new Map<string, string>()
  for (const entry of entries) {
    options.checkpoint()
    yield* verifySource(entry, seen, options)
    await nextTurn()
  }
  for (const file of await findUnusableCaches(path, manifest.space.dimensions, options.checkpoint)) {
    const message =
      'the cache is damaged or of another version; searches do without it until the next writer that changes something makes it anew'
    yield { place: storePath(path, file), message, sources: [] }
  }
}
