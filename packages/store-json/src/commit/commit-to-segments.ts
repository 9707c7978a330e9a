import type { CallOptions, SourceState, StoreBatch } from '@quern/core'
import type { Manifest } from '../format/manifest.ts'
import type { RecordedRange } from '../format/recorded-range.ts'
import { copyState, putRecord } from '../format/source-record.ts'
import { createHashList } from '../hash-list.ts'
import type { StoreContents } from '../store-contents.ts'
import { openRange } from '../store-contents.ts'
import type { StringList } from '../string-list.ts'
import { encodingFor } from '../writing-options.ts'
import type { ChunkWriting, Draft, FinishedDraft } from './draft.ts'
import type { Change, StoreWriter } from './publish.ts'
import { publish } from './publish.ts'
import type { StoreCounts } from './store-counts.ts'
import { countsAfter } from './store-counts.ts'

interface WrittenSource {
  readonly state: SourceState
  readonly textHashes: StringList
  readonly range: RecordedRange
}

/** A batch as it was written, independent of what the caller does with it afterwards. */
interface WrittenBatch {
  readonly puts: readonly WrittenSource[]
  readonly touches: readonly SourceState[]
  readonly deletes: readonly string[]
}

/** Writes sources with their records. */
export async function writeSources(
  draft: Draft,
  batch: StoreBatch,
  writing: ChunkWriting & CallOptions,
): Promise<WrittenSource[]> {
  const puts: WrittenSource[] = []
  for (const { state: given, chunks } of batch.put ?? []) {
    writing.signal?.throwIfAborted()
    const state = copyState(given)
    const textHashes = createHashList(chunks.map(({ textHash }) => textHash))
    const written: WrittenSource = { state, textHashes, range: await draft.addSource({ state, chunks }, writing) }
    await draft.addRecord(putRecord(written.state, written.textHashes, written.range))
    puts.push(written)
  }
  return puts
}

async function writeBatch(draft: Draft, batch: StoreBatch, writing: ChunkWriting & CallOptions): Promise<WrittenBatch> {
  const puts = await writeSources(draft, batch, writing)
  const touches = (batch.touch ?? []).map(copyState)
  for (const touch of touches) await draft.addRecord({ touch })
  const deletes = [...(batch.delete ?? [])]
  for (const id of deletes) await draft.addRecord({ delete: id })
  return { puts, touches, deletes }
}

function nextManifest(manifest: Manifest, counts: StoreCounts, finished: FinishedDraft): Manifest {
  const { sourceFile, chunkFiles, nextFile } = finished
  return {
    ...manifest,
    ...counts,
    updatedAt: new Date().toISOString(),
    nextFile,
    sourceFiles: [...manifest.sourceFiles, ...(sourceFile === undefined ? [] : [sourceFile])],
    chunkFiles: [...manifest.chunkFiles, ...chunkFiles],
  }
}

/** Takes sources that were written into the catalog. */
export function applySources(
  { catalog, chunkFiles }: StoreContents,
  puts: readonly WrittenSource[],
  recordFile: string,
): void {
  for (const { state, textHashes, range } of puts) {
    catalog.put({ state, content: { range: openRange(chunkFiles, range), textHashes, rows: undefined }, recordFile })
  }
}

function applyBatch(contents: StoreContents, { puts, touches, deletes }: WrittenBatch, recordFile: string): void {
  const { catalog } = contents
  applySources(contents, puts, recordFile)
  for (const state of touches) {
    const content = catalog.entries.get(state.id)?.content
    if (content !== undefined) catalog.put({ state, content, recordFile })
  }
  for (const id of deletes) catalog.delete(id, recordFile)
}

/** Applies a batch, whose deletions are all stored, to a store of segments: adds files to it. Rejects as `publish` does. */
export async function commitToSegments(writer: StoreWriter, batch: StoreBatch, options: CallOptions): Promise<void> {
  const { contents, writing } = writer
  const { manifest } = contents
  const counts = countsAfter(contents.catalog, batch)
  const { compression } = writing
  const encoding = encodingFor(writing, counts.chunks)
  const prepare = async (draft: Draft): Promise<Change> => {
    const written = await writeBatch(draft, batch, { encoding, compression, ...options })
    return {
      nextManifest: (finished) => nextManifest(manifest, counts, finished),
      apply: () => applyBatch(contents, written, draft.sourceFile),
    }
  }
  await publish(writer, { prepare, follows: manifest.sourceFiles.at(-1)?.file }, options)
}
