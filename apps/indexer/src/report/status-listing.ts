import type { EmbeddingSpace, StoreStats } from '@quern/core'
import { findKnownModel } from '@quern/embedder'
import type { SourceCounts } from '@quern/pipeline'
import { isStarter } from '../commands/named-model.ts'
import { exitCodes } from '../exit-codes.ts'
import type { UnfinishedReembedding } from '../stages/find-unfinished.ts'
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
  readonly unfinished: readonly UnfinishedReembedding[]
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

/** How a run ended, where it did not simply come to its end. */
function endingOf(exitCode: number): string[] {
  if (exitCode === exitCodes.done) return []
  return [exitCode === exitCodes.interrupted ? `interrupted (exit code ${exitCode})` : `exit code ${exitCode}`]
}

function lastRunLines(run: LastRun | undefined, programName: string): string[] {
  if (run === undefined) return ['none is remembered on this machine']
  const { sources, chunks, durationMs, finishedAt, failures, failuresLeftOut, exitCode } = run
  const counts = countsThatMatter(sources)
  const did = [
    ...(counts.length > 0 ? counts : [exitCode === exitCodes.done ? 'nothing to do' : 'no source finished']),
    `${formatQuantity(chunks.embedded, 'chunk')} embedded`,
    formatDuration(durationMs),
    ...endingOf(exitCode),
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

/** What names a model on the command line: its name where it is a known one, else its file, which is not remembered. */
function modelArgument(name: string): string {
  return isStarter(name) || findKnownModel(name) !== undefined ? name : `<file of ${name}>`
}

function unfinishedLines(unfinished: UnfinishedReembedding, { sources }: StoreStats, programName: string): string[] {
  if (unfinished.type === 'unreadable') {
    return [`a re-embedding that cannot be read: ${unfinished.reason}`, `to begin it anew, remove ${unfinished.path}`]
  }
  const { model } = unfinished.space
  const done = `${formatCount(unfinished.sources)} of ${formatQuantity(sources, 'source')}`
  return [
    `re-embedding with ${model}: ${done}, ${formatQuantity(unfinished.chunks, 'chunk')} done; until its end the old vectors count`,
    `go on with: ${programName} reembed --model ${modelArgument(model)}; to give it up, remove ${unfinished.path}`,
  ]
}

/** A label with its values, one a line. */
function labelled(label: string, [first = '', ...rest]: readonly string[]): string[] {
  return [`${label.padEnd(12)} ${first}`, ...rest.map((line) => `${''.padEnd(12)} ${line}`)]
}

/** The status for people. */
export function statusLines(status: StoreStatus, programName: string): string[] {
  const { stats, space, lastRun, comparison, vectorCache, unfinished } = status
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
    ...unfinished.flatMap((one) => labelled('unfinished', unfinishedLines(one, stats, programName))),
  ].map(printable)
}
