import type { Connection, Table } from '@lancedb/lancedb'
import { chunkTable } from '../format/store-layout.ts'
import type { ErrorTranslation } from '../lance-errors.ts'
import { isFileGone } from '../lance-errors.ts'

/** One version of the table `chunks`, which does not change any more: a picture of one moment. */
interface Snapshot {
  readonly table: Table
  readonly version: number
}

/** A snapshot for as long as it is held. */
interface HeldSnapshot extends Snapshot, Disposable {}

/** The versions of a table that are being read. */
export interface Snapshots {
  /** The newest version. Rejects with the errors of LanceDB. */
  hold(): Promise<HeldSnapshot>
  /**
   * Runs `read` with the newest version; again with a newer one if files of the version were cleaned away meanwhile. Rejects with the
   * errors of the contract.
   */
  read<T>(read: (snapshot: Snapshot) => Promise<T>): Promise<T>
  /** As `read`, for an iteration; once it has yielded something it goes on with its version or ends with an error. */
  iterate<T>(iterate: (snapshot: Snapshot) => AsyncIterable<T>): AsyncGenerator<T>
  /** Gives the handle that is kept for the next reading back. */
  close(): void
}

interface Pinned {
  readonly version: number
  readonly table: Promise<Table>
  users: number
  /** Whether a newer version has taken its place. */
  retired: boolean
}

const attempts = 4

function closeWhenUnused(pinned: Pinned): void {
  if (!pinned.retired || pinned.users > 0) return
  // A handle that could not be opened need not be closed.
  pinned.table.then(
    (table) => table.close(),
    () => undefined,
  )
}

/** The versions of the table `chunks`, whose newest one `live` tells. */
export function createSnapshots(connection: Connection, live: Table, translate: ErrorTranslation): Snapshots {
  let current: Pinned | undefined

  const open = async (version: number): Promise<Table> => {
    const table = await connection.openTable(chunkTable)
    await table.checkout(version)
    return table
  }
  const retire = (): void => {
    if (current === undefined) return
    current.retired = true
    closeWhenUnused(current)
    current = undefined
  }
  const pin = (version: number): Pinned => {
    if (current?.version === version) return current
    retire()
    return (current = { version, table: open(version), users: 0, retired: false })
  }
  const hold = async (): Promise<HeldSnapshot> => {
    const pinned = pin(await live.version())
    pinned.users++
    const release = (): void => {
      pinned.users--
      closeWhenUnused(pinned)
    }
    try {
      const table = await pinned.table
      let held = true
      return {
        table,
        version: pinned.version,
        [Symbol.dispose]() {
          if (held) release()
          held = false
        },
      }
    } catch (error) {
      if (current === pinned) retire()
      release()
      throw error
    }
  }
  const isOutdated = async (thrown: unknown, version: number | undefined): Promise<boolean> =>
    isFileGone(thrown) && (version === undefined || (await live.version()) !== version)

  return {
    hold,
    async read(read) {
      for (let attempt = 1; ; attempt++) {
        let version: number | undefined
        try {
          using snapshot = await hold()
          version = snapshot.version
          return await read(snapshot)
        } catch (error) {
          if (attempt === attempts || !(await isOutdated(error, version))) throw await translate(error, 'read')
        }
      }
    },
    async *iterate(iterate) {
      for (let attempt = 1; ; attempt++) {
        let version: number | undefined
        let begun = false
        try {
          using snapshot = await hold()
          version = snapshot.version
          for await (const value of iterate(snapshot)) {
            begun = true
            yield value
          }
          return
        } catch (error) {
          if (begun || attempt === attempts || !(await isOutdated(error, version))) throw await translate(error, 'read')
        }
      }
    },
    close: retire,
  }
}
