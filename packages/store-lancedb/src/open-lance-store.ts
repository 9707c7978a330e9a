import type { VectorStore } from '@quern/core'
import { QuernError } from '@quern/core'
import { openGeneration } from '@quern/core/files'
import { locateStore } from './driver/store-place.ts'
import { isBeingRead } from './files/reading-lease.ts'
import { checkFilterable } from './format/filterable-check.ts'
import { ownNames } from './format/store-layout.ts'
import type { LanceStoreOptions } from './lance-store-options.ts'
import { openStore } from './open-store.ts'

/**
 * Opens a store in LanceDB (see FORMAT.md): a local folder, object storage, or a server.
 *
 * Every call sees what was committed when it began, by whichever process, and nothing that is committed while it runs.
 *
 * Where the store of a local folder was re-embedded, the generation of it is opened that counts.
 *
 * Rejects with
 * - `STORE_NOT_FOUND`: there is no store to read,
 * - `OPTION_INVALID`: there is no store to write to, and no space to create one with or other things in the folder; the store was
 *   created with other filterable fields; an option is malformed,
 * - `STORE_SPACE_MISMATCH`: the store has another space,
 * - `STORE_BUSY`: another writer, who is named, has the folder open,
 * - `STORE_NEWER`: its format is newer than this package; it is left untouched,
 * - `STORE_CORRUPT`: it is damaged; names the file where one is known. See `repairLanceStore`,
 * - `STORE_UNREADABLE`: it is there, but the system, the network or the credentials do not let it be read,
 * - `STORE_WRITE_FAILED`: it cannot be written,
 * - the reason of the signal.
 */
export async function openLanceStore(options: LanceStoreOptions): Promise<VectorStore> {
  const { space, mode, filterable = [], indexThreshold = 0 } = options
  if (space !== undefined && !(Number.isSafeInteger(space.dimensions) && space.dimensions > 0)) {
    throw new QuernError('OPTION_INVALID', `a space of ${space.dimensions} dimensions cannot be stored`)
  }
  if (!(indexThreshold >= 0))
    throw new QuernError('OPTION_INVALID', `the index threshold is ${indexThreshold} chunks`, {
      hint: 'Give a number from 0.',
    })
  checkFilterable(filterable)
  const place = locateStore(options)
  if (place.folder === undefined) return openStore(place, options)
  return openGeneration(
    place.folder,
    (uri) => openStore(locateStore({ uri }), { ...options, uri }),
    mode === 'write' ? { ownNames, isInUse: isBeingRead } : undefined,
  )
}
