import type { EmbeddingSpace, StoreStats } from '@quern/core'
import type { SourceCounts } from '@quern/pipeline'
import type { LastRun } from '../stages/last-run.ts'
import { starterModelNote } from '../stages/open-embedder.ts'
import type { VectorCacheFile } from '../stages/vector-cache-file.ts'
import { formatBytes, formatCount, formatDuration, formatQuantity } from './format.ts'
import { printable } from './printable.ts'

/** What the sources are now, against what is stored. */
export type Comparison =
  | {
      readonly type: 'compared'
      readonly sources: SourceCounts
      /** What `run` has to be told to look at the same sources; none where they are configured. */
      readonly paths: readonly string[]
    }
  | { readonly type: 'unknown'; readonly reason: string }

/** Everything that `status` tells. */
export interface StoreStatus {
  readonly stats: StoreStats
  readonly space: EmbeddingSpace
  readonly lastRun: LastRun | undefined
  readonly comparison: Comparison
  readonly vectorCache: VectorCacheFile
}

const shownFailures = 3

function countsThatMatter(sources: SourceCounts): string[] {
  const kinds = ['new', 'changed', 'moved', 'deleted', 'failed'] as const
  return kinds.filter((kind) => sources[kind] > 0).map((kind) => `${formatCount(sources[kind])} ${kind}`)
}

function outOfDate(comparison: Comparison, programName: string): string {
  if (comparison.type === 'unknown') return `not compared: ${comparison.reason}`
  const parts = countsThatMatter(comparison.sources)
  if (parts.length === 0) return 'nothing: the store is up to date'
  return `${parts.join(' · ')}; mend with: ${[programName, 'run', ...comparison.paths].join(' ')}`
}

function lastRunLines(run: LastRun | undefined, programName: string): string[] {
  if (run === undefined) return ['none is remembered on this machine']
  const { sources, chunks, durationMs, finishedAt, failures, failuresLeftOut, exitCode } = run
  const counts = countsThatMatter(sources)
  const did = [
    ...(counts.length === 0 ? ['nothing to do'] : counts),
    `${formatQuantity(chunks.embedded, 'chunk')} embedded`,
    formatDuration(durationMs),
    ...(exitCode === 0 ? [] : [`exit code ${exitCode}`]),
  ]
  const more = failures.length - shownFailures + failuresLeftOut
  return [
    `${finishedAt}: ${did.join(' · ')}`,
    ...failures
      .slice(0, shownFailures)
      .map(({ source, message }) => `failed: ${message.startsWith(source) ? message : `${source}: ${message}`}`),
    ...(more > 0 ? [`and ${formatCount(more)} more: ${programName} report`] : []),
  ]
}

function cacheLine({ enabled, bytes, path }: VectorCacheFile): string {
  if (bytes === 0) return enabled ? 'empty so far' : 'off (embedding.vectorCache turns it on)'
  return `${formatBytes(bytes)} in ${path}${enabled ? '' : ', not used by this configuration'}`
}

/** A label with its values, one a line. */
function labelled(label: string, [first = '', ...rest]: readonly string[]): string[] {
  return [`${label.padEnd(12)} ${first}`, ...rest.map((line) => `${''.padEnd(12)} ${line}`)]
}

/** The status for people. */
export function statusLines(status: StoreStatus, programName: string): string[] {
  const { stats, space, lastRun, comparison, vectorCache } = status
  const note = starterModelNote(space.model)
  const model = `${space.model} (${space.dimensions} dimensions, fingerprint ${space.fingerprint.slice(0, 12)})`
  return [
    ...labelled('store', [`${stats.location} (${stats.type}, ${formatBytes(stats.bytes)})`]),
    ...labelled('model', note === undefined ? [model] : [model, note]),
    ...labelled('sources', [formatCount(stats.sources)]),
    ...labelled('chunks', [formatCount(stats.chunks)]),
    ...labelled('created', [stats.createdAt]),
    ...labelled('last change', [stats.updatedAt]),
    ...labelled('last run', lastRunLines(lastRun, programName)),
    ...labelled('vector cache', [cacheLine(vectorCache)]),
    ...labelled('out of date', [outOfDate(comparison, programName)]),
  ].map(printable)
}
