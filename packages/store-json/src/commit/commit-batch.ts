import type { CallOptions, SourceState, StoreBatch } from '@quern/core'
import { checkBatch, QuernError } from '@quern/core'
import type { Catalog } from '../catalog.ts'
import type { Draft, FinishedDraft } from './draft.ts'
import type { Manifest } from '../format/manifest.ts'
import type { Change, StoreWriter } from './publish.ts'
import { publish } from './publish.ts'
import type { RecordedRange } from '../format/source-record.ts'
import { copyState, putRecord } from '../format/source-record.ts'
import type { StoreContents } from '../store-contents.ts'
import { openRange } from '../store-contents.ts'

interface WrittenSource {
  readonly state: SourceState
  readonly textHashes: readonly string[]
  readonly range: RecordedRange | undefined
}

/** A batch as it was written, independent of what the caller does with it afterwards. */
interface WrittenBatch {
  readonly puts: readonly WrittenSource[]
  readonly touches: readonly SourceState[]
  readonly deletes: readonly string[]
}

function checkTouches({ entries }: Catalog, touches: readonly SourceState[]): void {
  for (const { id, chunkCount } of touches) {
    if (entries.get(id)?.state.chunkCount === chunkCount) continue
    throw new QuernError(
      'BATCH_INVALID',
      `the batch touches ${id}, which the store does not hold with ${chunkCount} chunks`,
      {
        hint: 'Nothing of this batch was written. Put the source with its chunks instead.',
        details: { source: id },
      },
    )
  }
}

async function writeBatch(draft: Draft, batch: StoreBatch, signal: AbortSignal | undefined): Promise<WrittenBatch> {
  const puts: WrittenSource[] = []
  for (const { state, chunks } of batch.put ?? []) {
    signal?.throwIfAborted()
    const written: WrittenSource = {
      state: copyState(state),
      textHashes: chunks.map(({ textHash }) => textHash),
      range: await draft.addChunks(chunks),
    }
    await draft.addRecord(putRecord(written.state, written.textHashes, written.range))
    puts.push(written)
  }
  const touches = (batch.touch ?? []).map(copyState)
  for (const touch of touches) await draft.addRecord({ touch })
  const deletes = [...(batch.delete ?? [])]
  for (const id of deletes) await draft.addRecord({ delete: id })
  return { puts, touches, deletes }
}

function nextManifest({ manifest, catalog }: StoreContents, batch: WrittenBatch, finished: FinishedDraft): Manifest {
  let sources = catalog.entries.size
  let chunks = catalog.chunkCount
  for (const { state } of batch.puts) {
    const before = catalog.entries.get(state.id)
    if (before === undefined) sources++
    chunks += state.chunkCount - (before?.state.chunkCount ?? 0)
  }
  for (const id of batch.deletes) {
    sources--
    chunks -= catalog.entries.get(id)?.state.chunkCount ?? 0
  }
  const { sourceFile, chunkFiles, nextFile } = finished
  return {
    ...manifest,
    updatedAt: new Date().toISOString(),
    sources,
    chunks,
    nextFile,
    sourceFiles: [...manifest.sourceFiles, ...(sourceFile === undefined ? [] : [sourceFile])],
    chunkFiles: [...manifest.chunkFiles, ...chunkFiles],
  }
}

function applyBatch(
  { catalog, chunkFiles }: StoreContents,
  { puts, touches, deletes }: WrittenBatch,
  recordFile: string,
): void {
  for (const { state, textHashes, range } of puts) {
    catalog.put({ state, content: { range: openRange(chunkFiles, range), textHashes, rows: undefined }, recordFile })
  }
  for (const state of touches) {
    const content = catalog.entries.get(state.id)?.content
    if (content !== undefined) catalog.put({ state, content, recordFile })
  }
  for (const id of deletes) catalog.delete(id, recordFile)
}

/**
 * Applies a batch as `VectorStore.commit` promises. Returns false for one that changes nothing: then nothing is written. Rejects with
 * `BATCH_INVALID` or `VECTOR_INVALID` before anything is written, otherwise as `publish` does.
 */
export async function commitBatch(writer: StoreWriter, batch: StoreBatch, options: CallOptions): Promise<boolean> {
  const { contents } = writer
  const { signal } = options
  checkBatch(batch, contents.manifest.space.dimensions)
  checkTouches(contents.catalog, batch.touch ?? [])
  const stored = (batch.delete ?? []).filter((id) => contents.catalog.entries.has(id))
  if ((batch.put ?? []).length + (batch.touch ?? []).length + stored.length === 0) return false
  const prepare = async (draft: Draft): Promise<Change> => {
    const written = await writeBatch(draft, { ...batch, delete: stored }, signal)
    return {
      nextManifest: (finished) => nextManifest(contents, written, finished),
      apply: () => applyBatch(contents, written, draft.sourceFile),
    }
  }
  await publish(writer, prepare, options)
  return true
}
