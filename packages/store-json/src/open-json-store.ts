import { resolve } from 'node:path'
import type { VectorStore } from '@quern/core'
import { QuernError } from '@quern/core'
import { diskOperations, openGeneration } from '@quern/core/files'
import { ownNames } from './format/store-layout.ts'
import type { JsonStoreOptions } from './json-store-options.ts'
import { openStore } from './open-store.ts'

/**
 * Opens a store of readable JSON files in a folder (see FORMAT.md). It searches by vector, exactly, by words (BM25) and by
 * both.
 *
 * A writer sees its own commits at once. A reader keeps the picture of the store at the moment of its opening, whatever is committed
 * or compacted meanwhile; to see later commits it is opened again.
 *
 * Where the store was re-embedded, the generation of it is opened that counts.
 *
 * Rejects with
 * - `STORE_NOT_FOUND`: there is no store to read,
 * - `OPTION_INVALID`: there is no store to write to, and no space to create one with or other things in the folder; an option is
 *   malformed,
 * - `STORE_SPACE_MISMATCH`: the store has another space,
 * - `STORE_BUSY`: another writer, who is named, has it open,
 * - `STORE_NEWER`: its format is newer than this package; it is left untouched,
 * - `STORE_CORRUPT`: it is damaged; names the file, and the line where one is known,
 * - `STORE_UNREADABLE`: it is there, but the system does not let it be read; names the file,
 * - `STORE_WRITE_FAILED`: the folder cannot be written,
 * - the reason of the signal.
 */
export async function openJsonStore(options: JsonStoreOptions): Promise<VectorStore> {
  const { path, space, mode } = options
  if (path === '') throw new QuernError('OPTION_INVALID', 'the path of a store is empty')
  if (space !== undefined && !(Number.isSafeInteger(space.dimensions) && space.dimensions > 0)) {
    throw new QuernError('OPTION_INVALID', `a space of ${space.dimensions} dimensions cannot be stored`)
  }
  return openGeneration(
    resolve(path),
    (place) => openStore({ ...options, path: place }, diskOperations),
    mode === 'write' ? { ownNames } : undefined,
  )
}
