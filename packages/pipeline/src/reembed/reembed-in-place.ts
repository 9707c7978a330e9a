import type { EmbeddingSpace, VectorStore } from '@quern/core'
import { nextGeneration } from '@quern/core/files'
import type { FileOperations } from '@quern/core/files'
import type { ReembedReport } from './reembed-event.ts'
import { reembedStore } from './reembed-store.ts'
import type { ReembedSettings } from './reembed-store.ts'

/** Opens for writing the store of a folder; where there is none, one with the space is made. */
export type OpenStoreFolder = (folder: string, space?: EmbeddingSpace) => Promise<VectorStore>

/** A store in a folder of this machine, and the model that it is to have. */
export interface ReembedInPlaceOptions extends ReembedSettings {
  /** Absolute path of the store's folder, whichever of its generations counts. */
  readonly folder: string
  readonly open: OpenStoreFolder
  /** Switch although some sources have a text that the new model does not take, without those. Default false. */
  readonly leaveOut?: boolean | undefined
  /** How the folder is changed at the switch. Default: on the disk. */
  readonly operations?: FileOperations | undefined
}

/** What a re-embedding in place came to. */
export interface ReembedInPlaceReport extends ReembedReport {
  /** `already`: the store has vectors of this model, and nothing was done. `kept`: the old vectors count still. */
  readonly outcome: 'switched' | 'kept' | 'already'
}

const nothing: ReembedReport = {
  sources: { written: 0, kept: 0, failed: 0, deleted: 0 },
  chunks: { embedded: 0, reused: 0, written: 0, kept: 0 },
  durationMs: 0,
  interrupted: false,
}

/**
 * Gives a store vectors of another model, from the stored texts. They are written to a new generation inside the store's folder, while
 * the old one stands, is read by whoever wants, and is locked against other writers. When every source is there, the new generation takes
 * its place in one durable step (`nextGeneration` of `@quern/core/files`). A call that was ended early or killed is gone on with by
 * calling again; what was written is not embedded again, and what was changed in the store in between is embedded.
 *
 * Where a source has a text that the new model does not take, the old generation stays, unless `leaveOut`. The old generation
 * is removed when the store is opened for writing the next time.
 *
 * Rejects as `reembedStore` and `open` do; the store is then what it was.
 */
export async function reembedInPlace(options: ReembedInPlaceOptions): Promise<ReembedInPlaceReport> {
  const { folder, open, embedder, leaveOut = false, operations } = options
  await using from = await open(folder)
  if (from.space.fingerprint === embedder.space.fingerprint) return { ...nothing, outcome: 'already' }
  const next = await nextGeneration(folder, embedder.space.fingerprint, operations)
  let report: ReembedReport
  {
    await using to = await open(next.path, embedder.space)
    report = await reembedStore({ ...options, from, to, deleteMissing: true })
  }
  if (report.interrupted || (report.sources.failed > 0 && !leaveOut)) return { ...report, outcome: 'kept' }
  await next.switchTo()
  return { ...report, outcome: 'switched' }
}
