import type { CallOptions } from '@quern/core'
import type { LanceWriter } from '../commit/lance-writer.ts'
import { purgeRemovedRows } from '../commit/purge-removed-rows.ts'
import { retryConflicts, writeFacts } from '../commit/write-rows.ts'
import { isBeingRead } from '../files/reading-lease.ts'
import { storeBytes } from '../files/store-bytes.ts'
import type { WordIndexing } from '../lance-store-options.ts'
import { readFacts } from '../read/read-facts.ts'
import { ensureKeyIndexes, ensureWordIndex, wantsWordIndex } from './ensure-indexes.ts'
import { mergeSmallFragments } from './small-fragments.ts'
import { tableCondition } from './table-condition.ts'
import type { UpkeepPlan, UpkeepSituation } from './upkeep-plan.ts'
import { vectorIndexFor } from './vector-index.ts'

/** How the upkeep of a store is done. */
export interface UpkeepSettings {
  readonly indexThreshold: number
  readonly words: WordIndexing
}

/** Key of the fact how many rows there were when the vectors were indexed. */
const vectorIndexRowsFact = 'vectorIndexRows'

/** How long old versions of a remote store are kept: as long as a reading may take. */
const remoteRetentionMilliseconds = 3_600_000

async function situationOf(
  { context, removedRows }: LanceWriter,
  { indexThreshold, words }: UpkeepSettings,
): Promise<UpkeepSituation> {
  const { place, tables } = context
  const [condition, facts, bytesOnDisk] = await Promise.all([
    tableCondition(tables.chunks),
    readFacts(tables.meta),
    place.folder === undefined ? undefined : storeBytes(context),
  ])
  const rowsAtVectorIndex = Number(facts.get(vectorIndexRowsFact) ?? 0)
  const wantsWords = wantsWordIndex(words)
  return { ...condition, removedRows, bytesOnDisk, indexThreshold, wantsWords, rowsAtVectorIndex }
}

async function makeVectorIndex({ context }: LanceWriter, rows: number): Promise<void> {
  const { driver, tables, identity } = context
  await tables.chunks.createIndex('vector', { config: vectorIndexFor(driver, identity.space.dimensions) })
  await writeFacts(context, { [vectorIndexRowsFact]: String(rows) })
}

/** An index of words that this machine cannot write is given up: LanceDB would wait for itself for ever. */
async function dropForeignWordIndex({ context }: LanceWriter, { words }: UpkeepSettings): Promise<void> {
  if (wantsWordIndex(words)) return
  const { chunks } = context.tables
  for (const { name, columns } of await chunks.listIndices())
    if (columns.includes('pageContent')) await chunks.dropIndex(name)
}

/** Merges fragments, brings indexes up to date, and removes the files of old versions that nobody reads. */
async function optimize({ context, exclusive }: LanceWriter, options: CallOptions): Promise<void> {
  const { place, tables } = context
  for (const table of [tables.chunks, tables.meta]) {
    await retryConflicts(() => table.optimize(), options)
    if (place.folder === undefined) {
      const cleanupOlderThan = new Date(Date.now() - remoteRetentionMilliseconds)
      await retryConflicts(() => table.optimize({ cleanupOlderThan }), options)
    } else if (exclusive && !(await isBeingRead(place.folder))) {
      // The version that was just made is the newest and stays.
      await table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true })
    }
  }
}

/** Does to the table `chunks` what `plan` makes of its condition. A server looks after its tables itself: then it does nothing. */
export async function runUpkeep(
  writer: LanceWriter,
  plan: (situation: UpkeepSituation) => UpkeepPlan,
  { settings, ...options }: CallOptions & { readonly settings: UpkeepSettings },
): Promise<void> {
  const { context } = writer
  if (context.place.served) return
  const situation = await situationOf(writer, settings)
  const { purge, keyIndexes, wordIndex, vectorIndex, merge } = plan(situation)
  options.signal?.throwIfAborted()
  if (purge) await purgeRemovedRows(writer, options)
  if (merge === 'small') await mergeSmallFragments(context.driver, context.tables.chunks, options)
  if (merge === 'all') {
    await dropForeignWordIndex(writer, settings)
    await optimize(writer, options)
  }
  if (keyIndexes) await ensureKeyIndexes(context)
  if (wordIndex) await ensureWordIndex(context, settings.words)
  if (vectorIndex) await makeVectorIndex(writer, situation.rows)
  writer.lastVersion = await context.tables.chunks.version()
}
