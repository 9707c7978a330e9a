import { randomUUID } from 'node:crypto'
import type { Connection, Table } from '@lancedb/lancedb'
import type { CallOptions } from '@quern/core'
import { QuernError } from '@quern/core'
import type { LanceDriver } from '../driver/lance-driver.ts'
import type { StorePlace } from '../driver/store-place.ts'
import { isLostRace } from './settle-among-writers.ts'

/** Beginning of the names of the tables that are made for a moment to try a storage. */
export const probePrefix = 'probe-'

/**
 * Commits that are tried at the same time. On a storage that lets one overwrite another, six lost at least one in each of 510 trials with
 * latencies spread as widely as 0 to 100 ms; three lost none in 39 of 510.
 */
const commitsAtOnce = 6

interface Trial {
  readonly acknowledged: number
  readonly found: number
}

/** Commits one row each at the same time, and counts what is there afterwards. */
async function tryCommits(table: Table): Promise<Trial> {
  const commits = Array.from({ length: commitsAtOnce }, (_, id) => table.add([{ id }]))
  const outcomes = await Promise.allSettled(commits)
  const acknowledged = outcomes.filter(({ status }) => status === 'fulfilled').length
  const found = await table.countRows()
  if (acknowledged > found) return { acknowledged, found }
  const failure = outcomes.find((outcome) => outcome.status === 'rejected' && !isLostRace(outcome.reason))
  if (failure?.status === 'rejected') throw failure.reason
  return { acknowledged, found }
}

/** Tries the storage with a table of its own, which is removed again. */
async function tryStorage({ arrow }: LanceDriver, connection: Connection): Promise<Trial> {
  const name = `${probePrefix}${randomUUID()}`
  const schema = new arrow.Schema([new arrow.Field('id', new arrow.Int32(), false)])
  const table = await connection.createEmptyTable(name, schema)
  const [outcome] = await Promise.allSettled([tryCommits(table)])
  table.close()
  await connection.dropTable(name)
  if (outcome.status === 'rejected') throw outcome.reason
  return outcome.value
}

/**
 * Checks that an object storage keeps writers apart. There is no lock on it: a commit is a put of the next version's manifest on the
 * condition that there is none yet (`If-None-Match: *`), and a storage that does not heed the condition lets the later of two
 * commits destroy the earlier one, with no error to anybody.
 *
 * The check lets LanceDB make several commits at once to a small table of its own, and refuses the storage when one that was acknowledged is
 * lost. So it tries the very requests that the store will rest on, with the credentials and the options that LanceDB uses, and
 * whatever is between. Costs some 60 requests, and some 80 ms more than the round trips.
 *
 * Rejects with `STORE_WRITE_FAILED` when the storage does not pass, and as LanceDB does when it cannot be written to at all.
 */
export async function checkWritersApart(
  driver: LanceDriver,
  connection: Connection,
  { location }: Pick<StorePlace, 'location'>,
  { signal }: CallOptions,
): Promise<void> {
  signal?.throwIfAborted()
  const { acknowledged, found } = await tryStorage(driver, connection)
  signal?.throwIfAborted()
  if (acknowledged <= found) return
  throw new QuernError(
    'STORE_WRITE_FAILED',
    `the storage of ${location} does not keep writers apart: of ${acknowledged} commits made at the same time, all acknowledged, ${acknowledged - found} were lost`,
    {
      hint: 'Use a storage that honours conditional puts (If-None-Match: *), for instance Amazon S3. If one process only writes to this store, ever, say so: soleWriter.',
      details: { location, acknowledged, found },
    },
  )
}
