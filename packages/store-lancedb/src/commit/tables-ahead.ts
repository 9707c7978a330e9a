import { setImmediate as turn } from 'node:timers/promises'
import type { Table } from 'apache-arrow'
import { chunkRowsTable } from '../format/chunk-table.ts'
import type { StoreContext } from '../store-context.ts'
import type { RowGroup } from './put-rows.ts'

/** The rows of a group and the Arrow table of them. */
interface GroupTable {
  readonly group: RowGroup
  readonly table: Table
}

/** The tables of groups of rows, each made when it is asked for, or while the one before it is being written. */
export interface TablesAhead {
  /** Begins with the next table, unless that has begun. Resolves with whether there is one; what fails is thrown by `next`. */
  begin(): Promise<boolean>
  /** The next table; undefined after the last. */
  next(): Promise<GroupTable | undefined>
}

/** Makes the tables of groups, never more than one ahead. The steps have turns of the event loop of their own. */
export function createTablesAhead(
  { driver, identity }: StoreContext,
  groups: Iterator<RowGroup, undefined>,
): TablesAhead {
  let coming: Promise<GroupTable | undefined> | undefined

  const make = async (): Promise<GroupTable | undefined> => {
    await turn()
    const group = groups.next().value
    if (group === undefined) return undefined
    await turn()
    const table = chunkRowsTable(driver.arrow, group.rows, identity)
    // LanceDB goes on to serialise it in one go.
    await turn()
    return { group, table }
  }
  return {
    async begin() {
      coming ??= make()
      try {
        return (await coming) !== undefined
      } catch {
        return false
      }
    },
    next() {
      const next = coming ?? make()
      coming = undefined
      return next
    },
  }
}
