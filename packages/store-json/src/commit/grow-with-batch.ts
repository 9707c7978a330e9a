import type { CallOptions, SourceChunks, SourceState, StoreBatch, StoredChunk } from '@quern/core'
import { decodeChunk, decodeLine, splitSource } from '../files/read-source.ts'
import { chunkFolder, sourceFolder, storePath } from '../format/store-layout.ts'
import { readAhead } from '../files/read-ahead.ts'
import type { SourceEntry } from '../source-entry.ts'
import { encodingFor } from '../writing-options.ts'
import { applySources, writeSources } from './commit-to-segments.ts'
import type { Draft, FinishedDraft } from './draft.ts'
import type { Change, StoreWriter } from './publish.ts'
import { publish } from './publish.ts'
import { countsAfter } from './store-counts.ts'

/** Stored sources with their chunks. Rejects with `STORE_CORRUPT` when one is damaged. */
async function* readEntries(entries: readonly SourceEntry[], dimensions: number): AsyncGenerator<SourceChunks> {
  const states = new Map(entries.map(({ state, content }) => [content, state]))
  for await (const { content, text } of readAhead([...states.keys()])) {
    const chunks: StoredChunk[] = []
    for (const [index, { bytes }] of (await splitSource(content, text)).entries())
      chunks.push(await decodeLine(content, index, () => decodeChunk(bytes, dimensions)))
    yield { state: states.get(content) as SourceState, chunks }
  }
}

/**
 * Applies a batch, whose deletions are all stored, to a store in a single file and lays it out as segments: everything is written to new
 * files, and the manifest that appears is the moment of both. Then the single file is removed. Rejects as `publish` does, with
 * `STORE_CORRUPT` when a source that stays is damaged.
 */
export async function growWithBatch(writer: StoreWriter, batch: StoreBatch, options: CallOptions): Promise<void> {
  const { contents, writing, operations } = writer
  const { manifest, catalog, path } = contents
  const counts = countsAfter(catalog, batch)
  const chunkWriting = { encoding: encodingFor(writing, counts.chunks), compression: writing.compression, ...options }
  const touches = new Map((batch.touch ?? []).map((state) => [state.id, state]))
  const gone = new Set([...(batch.delete ?? []), ...(batch.put ?? []).map(({ state }) => state.id)])
  const prepare = async (draft: Draft): Promise<Change> => {
    await operations.makeFolder(storePath(path, chunkFolder))
    await operations.makeFolder(storePath(path, sourceFolder))
    await operations.syncFolder(path)
    const written: Awaited<ReturnType<typeof writeSources>> = []
    const staying = [...catalog.entries.values()].filter(({ state }) => !gone.has(state.id))
    for await (const { state, chunks } of readEntries(staying, manifest.space.dimensions)) {
      const put = [{ state: touches.get(state.id) ?? state, chunks }]
      written.push(...(await writeSources(draft, { put }, chunkWriting)))
    }
    written.push(...(await writeSources(draft, { put: batch.put ?? [] }, chunkWriting)))
    return {
      nextManifest: ({ sourceFile, chunkFiles, nextFile }: FinishedDraft) => ({
        ...manifest,
        ...counts,
        updatedAt: new Date().toISOString(),
        nextFile,
        sourceFiles: sourceFile === undefined ? [] : [sourceFile],
        chunkFiles,
      }),
      apply() {
        for (const id of batch.delete ?? []) catalog.delete(id, draft.sourceFile)
        // No other source file holds a record that a deletion would have to revoke.
        catalog.forgetDeletions(new Set([draft.sourceFile]))
        applySources(contents, written, draft.sourceFile)
      },
    }
  }
  await publish(writer, { prepare, follows: undefined }, options)
}
