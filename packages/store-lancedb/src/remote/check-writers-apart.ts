import { randomUUID } from 'node:crypto'
import type { Table } from '@lancedb/lancedb'
import type { CallOptions } from '@quern/core'
import { QuernError } from '@quern/core'
import type * as Arrow from 'apache-arrow'
import type { LanceDriver } from '../driver/lance-driver.ts'
import { connectForStep } from '../driver/lance-tables.ts'
import type { StorePlace } from '../driver/store-place.ts'
import type { LanceLocation } from '../lance-store-options.ts'
import { isLostRace } from './settle-among-writers.ts'

/** Beginning of the names of the tables that are made for a moment to try a storage. */
export const probePrefix = 'probe-'

/**
 * Commits that are tried at the same time. On a storage that lets one overwrite another, six lost at least one in each of 240 trials, half of them
 * with latencies of 0 to some 60 ms.
 */
const commitsAtOnce = 6

/**
 * Times that they are tried. Nothing tells from outside whether commits met: LanceDB looks for the newest version before each, so that those
 * which a busy machine lets come one after another lose nothing on any storage.
 */
const trials = 2

interface Trial {
  readonly acknowledged: number
  readonly found: number
}

function oneRow(arrow: typeof Arrow): Arrow.Table {
  return new arrow.Table({ id: arrow.vectorFromArray([1], new arrow.Int32()) })
}

/** Commits a row each at the same time, all from the same version, and counts what was acknowledged and what is there afterwards. */
async function tryCommits(table: Table, row: Arrow.Table): Promise<Trial> {
  const before = await table.countRows()
  const commits = Array.from({ length: commitsAtOnce }, () => table.add(row))
  const outcomes = await Promise.allSettled(commits)
  const acknowledged = outcomes.filter(({ status }) => status === 'fulfilled').length
  await table.checkoutLatest()
  const found = (await table.countRows()) - before
  if (acknowledged > found) return { acknowledged, found }
  const failure = outcomes.find((outcome) => outcome.status === 'rejected' && !isLostRace(outcome.reason))
  if (failure?.status === 'rejected') throw failure.reason
  return { acknowledged, found }
}

/** Tries until something is lost, or often enough. */
async function tryRepeatedly(table: Table, row: Arrow.Table): Promise<Trial> {
  let last = await tryCommits(table, row)
  for (let trial = 2; trial <= trials && last.acknowledged <= last.found; trial++) last = await tryCommits(table, row)
  return last
}

/** Tries the storage with a table of its own, which is removed again. */
async function tryStorage(
  driver: LanceDriver,
  place: Pick<StorePlace, 'uri'>,
  location: LanceLocation,
): Promise<Trial> {
  const row = oneRow(driver.arrow)
  const connection = await connectForStep(driver, place, location)
  try {
    const name = `${probePrefix}${randomUUID()}`
    const table = await connection.createEmptyTable(name, row.schema)
    const [outcome] = await Promise.allSettled([tryRepeatedly(table, row)])
    table.close()
    await connection.dropTable(name)
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  } finally {
    connection.close()
  }
}

/**
 * Checks that an object storage keeps writers apart. There is no lock on it: a commit is a put of the next version's manifest on the
 * condition that there is none yet (`If-None-Match: *`), and a storage that does not heed the condition lets the later of two
 * commits destroy the earlier one, with no error to anybody.
 *
 * The check lets LanceDB make several commits at once to a small table of its own, twice, and refuses the storage when one that was acknowledged
 * is lost. So it tries the very requests that the store will rest on, with the credentials and the options that LanceDB uses, and
 * whatever is between. Costs some 100 requests, and some 80 ms more than the round trips.
 *
 * Rejects with `STORE_WRITE_FAILED` when the storage does not pass, and as LanceDB does when it cannot be written to at all.
 */
export async function checkWritersApart(
  driver: LanceDriver,
  place: Pick<StorePlace, 'uri' | 'location'>,
  { signal, ...options }: LanceLocation & CallOptions,
): Promise<void> {
  const { location } = place
  signal?.throwIfAborted()
  const { acknowledged, found } = await tryStorage(driver, place, options)
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
