import type { CallOptions } from '@quern/core'
import { QuernError } from '@quern/core'
import { deletedAtFact } from '../commit/lance-writer.ts'
import { findStoredSources } from '../commit/stored-sources.ts'
import { retryConflicts, writeFacts } from '../commit/write-rows.ts'
import { isDamage } from '../lance-errors.ts'
import { isInFragment } from '../read/fragments.ts'
import type { ChunkReading } from '../read/get-chunks.ts'
import { inLists, isOneOf } from '../read/sql-literals.ts'
import type { StoreContext } from '../store-context.ts'
import { ensureKeyIndexes, ensureWordIndex } from '../upkeep/ensure-indexes.ts'
import { findDamagedIndexes } from '../verify/check-indexes.ts'
import type { Finding } from '../verify/survey-table.ts'
import { surveyTable } from '../verify/survey-table.ts'
import { restoreOlderVersion, sourcesBefore } from './restore-older-version.ts'

/** What a repair has done so far. */
export interface RepairProgress {
  readonly actions: string[]
  readonly lost: Set<string>
}

function readingOf({ tables, identity, place }: StoreContext, { signal }: CallOptions): ChunkReading {
  return {
    table: tables.chunks,
    dimensions: identity.space.dimensions,
    location: place.location,
    checkpoint: () => signal?.throwIfAborted(),
  }
}

/** All that is wrong with the table `chunks`. If not even its rows can be told, it is first set back to a version of which they can. */
async function survey(context: StoreContext, progress: RepairProgress, options: CallOptions): Promise<Finding[]> {
  const reading = readingOf(context, options)
  try {
    return await Array.fromAsync(surveyTable(reading))
  } catch (error) {
    if (!isDamage(error)) throw error
    const time = await restoreOlderVersion(context)
    if (time === undefined) throw error
    progress.actions.push(
      `Files of the newest version are missing; the store is as it was at ${time.toISOString()}. What was committed since is found changed by the next run.`,
    )
    return await Array.fromAsync(surveyTable(reading))
  }
}

async function dropFragments(
  context: StoreContext,
  findings: readonly Finding[],
  progress: RepairProgress,
): Promise<void> {
  let rows = 0
  for (const finding of findings) {
    if (finding.kind !== 'fragment') continue
    await retryConflicts(() => context.tables.chunks.delete(isInFragment(finding.fragment)), {})
    rows += finding.fragment.offsets.length
    for (const source of finding.sources) progress.lost.add(source)
  }
  if (rows > 0) progress.actions.push(`${rows} rows that could not be read were taken out.`)
}

async function dropSources(context: StoreContext, sources: readonly string[], progress: RepairProgress): Promise<void> {
  for (const list of inLists(sources))
    await retryConflicts(() => context.tables.chunks.delete(isOneOf('source', list)), {})
  if (sources.length === 0) return
  for (const source of sources) progress.lost.add(source)
  progress.actions.push(`${sources.length} sources that were damaged or not whole were taken out.`)
}

/** Adds the sources that stood wholly in rows which were taken out, as far as an older version tells them. */
async function nameLostSources(context: StoreContext, { lost }: RepairProgress): Promise<void> {
  const before = await sourcesBefore(context)
  for (const list of inLists(before)) {
    const stored = await findStoredSources(context.tables.chunks, list)
    for (const source of list) if (!stored.has(source)) lost.add(source)
  }
}

async function repairIndexes(context: StoreContext, { actions }: RepairProgress): Promise<void> {
  const { driver, tables } = context
  const damaged = await findDamagedIndexes(driver, tables.chunks)
  for (const { name, column } of damaged) {
    await tables.chunks.dropIndex(name)
    actions.push(`The index of ${column} could not be read and was removed; it is made anew.`)
  }
  if (damaged.length === 0) return
  await ensureKeyIndexes(context)
  if (damaged.some(({ column }) => column === 'pageContent')) await ensureWordIndex(context, 'auto')
}

/**
 * Takes what cannot be read, or is not whole, out of the tables of a store that can be opened. Each step is a single change of a table; a
 * repair that was cut off can be begun again. Rejects with LanceDB's errors.
 */
export async function repairTables(
  context: StoreContext,
  progress: RepairProgress,
  options: CallOptions,
): Promise<void> {
  const findings = await survey(context, progress, options)
  options.signal?.throwIfAborted()
  const damaged = findings.flatMap((finding) => (finding.kind === 'fragment' ? [] : finding.sources))
  await dropFragments(context, findings, progress)
  await dropSources(context, [...new Set(damaged)], progress)
  if (findings.length > 0) {
    await nameLostSources(context, progress)
    await writeFacts(context, { [deletedAtFact]: String(Date.now()) })
  }
  await repairIndexes(context, progress)
  const rest = await Array.fromAsync(surveyTable(readingOf(context, options)))
  if (rest.length === 0) return
  const { location } = context.place
  throw new QuernError('STORE_CORRUPT', `the store ${location} is damaged beyond repair`, {
    hint: 'Restore it from a backup, or move it away and index again.',
    details: { location },
  })
}
