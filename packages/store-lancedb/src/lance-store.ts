import type { CallOptions, VectorStore } from '@quern/core'
import { QuernError } from '@quern/core'
import type { WriterLock } from '@quern/core/files'
import { commitBatch } from './commit/commit-batch.ts'
import type { LanceWriter } from './commit/lance-writer.ts'
import type { PreparedBatch } from './commit/prepare-batch.ts'
import { prepareBatch } from './commit/prepare-batch.ts'
import { createRunningCalls } from './running-calls.ts'
import { createSerialQueue } from './serial-queue.ts'
import type { StoreContext } from './store-context.ts'
import { createStoreReads, searchModes } from './store-reads.ts'
import type { StoreUpkeep, WriterSettings } from './upkeep/store-upkeep.ts'
import { createStoreUpkeep } from './upkeep/store-upkeep.ts'

/** A writer, the lock that it holds on a local folder, and how it was opened. */
export interface LockedWriter extends LanceWriter {
  readonly lock: WriterLock | undefined
  readonly settings: WriterSettings
}

interface Changing {
  readonly writer: LockedWriter
  readonly upkeep: StoreUpkeep
}

function closeTables({ snapshots, tables }: StoreContext): void {
  snapshots.close()
  tables.chunks.close()
  tables.meta.close()
  tables.connection.close()
}

/** The store of an open context; without a writer it refuses changes. */
export function createLanceStore(context: StoreContext, writer: LockedWriter | undefined): VectorStore {
  const changes = createSerialQueue()
  const reads = createRunningCalls()
  const changing = writer && { writer, upkeep: createStoreUpkeep(writer, writer.settings) }
  const { location } = context.place
  let closing: Promise<void> | undefined

  const check = ({ signal }: CallOptions): void => {
    if (closing !== undefined) throw new QuernError('STORE_CLOSED', `the store ${location} is closed`)
    signal?.throwIfAborted()
  }
  const begin = (options: CallOptions): Changing => {
    check(options)
    if (changing !== undefined) return changing
    throw new QuernError('STORE_READ_ONLY', `the store ${location} was opened for reading`, {
      hint: "Open it with mode 'write'.",
    })
  }
  const close = async (): Promise<void> => {
    await Promise.all([changes.idle(), reads.idle()])
    try {
      await changing?.upkeep.beforeClose()
    } finally {
      closeTables(context)
      await writer?.lock?.release()
    }
  }
  const store: VectorStore = {
    space: { ...context.identity.space },
    searchModes,
    ...createStoreReads(context, {
      calls: reads,
      check,
      mayHoldText: (hash) => writer?.knownTexts.mayHold(hash) ?? true,
    }),
    async commit(batch, options = {}) {
      const { writer: current, upkeep } = begin(options)
      const { signal } = options
      const prepare = async (): Promise<PreparedBatch> => {
        signal?.throwIfAborted()
        return prepareBatch(current, batch)
      }
      await changes.runPrepared(prepare, async (prepared, onHandedOver) => {
        signal?.throwIfAborted()
        const rows = await commitBatch(current, await prepared, { signal, onHandedOver })
        if (rows > 0) await upkeep.afterCommit(rows)
      })
    },
    async maintain(options = {}) {
      const { upkeep } = begin(options)
      return changes.run(async () => {
        options.signal?.throwIfAborted()
        return upkeep.maintain(options)
      })
    },
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => store.close(),
  }
  return store
}
