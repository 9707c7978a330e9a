import type { CallOptions, VectorStore } from '@quern/core'
import { isQuernError, QuernError } from '@quern/core'
import type { WriterLock } from '@quern/core/files'
import { commitBatch } from './commit/commit-batch.ts'
import { compactStore } from './compaction/compact-store.ts'
import { planAfterCommit, planMaintenance } from './compaction/compaction-plan.ts'
import type { StoreWriter } from './commit/publish.ts'
import type { JsonStoreOptions } from './json-store-options.ts'
import type { SaveCachesOptions } from './search/vector-cache/save-vector-caches.ts'
import { saveVectorCaches } from './search/vector-cache/save-vector-caches.ts'
import { createSerialQueue } from './serial-queue.ts'
import type { StoreContents } from './store-contents.ts'
import { totalBytes } from './store-contents.ts'
import { createStoreReads, searchModes } from './store-reads.ts'

/** A writer and the lock that it holds. */
export interface LockedWriter extends StoreWriter {
  readonly lock: WriterLock
}

/** Tidies up after a commit that is done: whatever cannot be written now is left for the next occasion. */
async function compactAfterCommit(writer: StoreWriter): Promise<void> {
  try {
    await compactStore(writer, planAfterCommit, {})
  } catch (error) {
    if (!isQuernError(error, 'STORE_WRITE_FAILED')) throw error
  }
}

function goOn(): void {}

/** The store of loaded contents; without a writer it refuses changes. Closing it closes the contents and lets go of the lock. */
export function createJsonStore(
  contents: StoreContents,
  writer: LockedWriter | undefined,
  { vectorCache = true }: Pick<JsonStoreOptions, 'vectorCache'> = {},
): VectorStore {
  const changes = createSerialQueue()
  let changed = false
  let closing: Promise<void> | undefined

  const check = ({ signal }: CallOptions): void => {
    if (closing !== undefined) throw new QuernError('STORE_CLOSED', `the store ${contents.path} is closed`)
    signal?.throwIfAborted()
  }
  const change = async <T>(options: CallOptions, run: (writer: StoreWriter) => Promise<T>): Promise<T> => {
    check(options)
    if (writer === undefined) {
      throw new QuernError('STORE_READ_ONLY', `the store ${contents.path} was opened for reading`, {
        hint: "Open it with mode 'write'.",
      })
    }
    return changes.run(async () => {
      options.signal?.throwIfAborted()
      return run(writer)
    })
  }
  const saveCaches = async (options: Omit<SaveCachesOptions, 'operations'>): Promise<void> => {
    if (writer !== undefined && vectorCache) {
      await saveVectorCaches(contents, { ...options, operations: writer.operations })
    }
  }
  const close = async (): Promise<void> => {
    await changes.idle()
    try {
      if (changed) await saveCaches({ thorough: false, checkpoint: goOn })
      await contents.chunkFiles.close()
    } finally {
      await writer?.lock.release()
    }
  }
  const store: VectorStore = {
    space: { ...contents.manifest.space },
    searchModes,
    ...createStoreReads(contents, check, vectorCache),
    commit: (batch, options = {}) =>
      change(options, async (current) => {
        if (!(await commitBatch(current, batch, options))) return
        changed = true
        await compactAfterCommit(current)
      }),
    maintain: (options = {}) =>
      change(options, async (current) => {
        const bytesBefore = totalBytes(contents)
        await compactStore(current, planMaintenance, options)
        await saveCaches({ thorough: true, checkpoint: () => options.signal?.throwIfAborted() })
        return { bytesBefore, bytesAfter: totalBytes(contents) }
      }),
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => store.close(),
  }
  return store
}
