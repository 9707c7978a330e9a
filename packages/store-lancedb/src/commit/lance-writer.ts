import type { StoreContext } from '../store-context.ts'
import type { KnownKeys } from './known-keys.ts'

/** A store that is open for writing. */
export interface LanceWriter {
  readonly context: StoreContext
  /** Whether nobody else writes: the store is a local folder whose lock is held. */
  readonly exclusive: boolean
  /** Both are replaced when what the store holds has been listed. */
  knownSources: KnownKeys
  knownTexts: KnownKeys
  /** Rows that the table had when the writer was opened; 0 where others write, too. */
  readonly rowsFound: number
  /** Rows that were put since the writer was opened, or a write failed. */
  rowsPut: number
  /** Number of rows in the table that stand for removed ones. */
  removedRows: number
  /** Times of commits ascend, whatever the clock does. */
  lastCommittedAt: number
  /** Version of the table `chunks` after the last change by this writer. */
  lastVersion: number
}

/** Key of the fact when sources were removed last, in milliseconds since 1970. */
export const deletedAtFact = 'deletedAt'
