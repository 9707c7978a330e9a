import type { CallOptions, SourceState, StoreBatch } from '@quern/core'
import { checkBatch, isEmptyBatch, QuernError } from '@quern/core'
import type { Catalog } from '../catalog.ts'
import { commitToSegments } from './commit-to-segments.ts'
import { commitToSingleFile } from './commit-to-single-file.ts'
import { growWithBatch } from './grow-with-batch.ts'
import type { StoreWriter } from './publish.ts'
import { countsAfter } from './store-counts.ts'

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

/** Bytes of a number in a vector, about. */
const numberBytes = 12

function tooLong(path: string): QuernError {
  return new QuernError('OPTION_INVALID', `the single file of the store ${path} would be longer than 256 MiB`, {
    hint: "Nothing of this batch was written. Use the layout 'auto' or 'segments': no file of it becomes so long.",
    details: { path },
  })
}

/** Whether a store in a single file stays one, as far as can be told before the batch is encoded. */
function staysSingle({ contents, writing }: StoreWriter, batch: StoreBatch): boolean {
  if (writing.layout !== 'auto') return writing.layout === 'single'
  const { chunks } = countsAfter(contents.catalog, batch)
  const vectorBytes = chunks * contents.manifest.space.dimensions * numberBytes
  return chunks <= writing.singleFileChunks && vectorBytes <= writing.longestSingleFile / 4
}

/**
 * Applies a batch as `VectorStore.commit` promises. Returns false for one that changes nothing: then nothing is written. Rejects with
 * `BATCH_INVALID` or `VECTOR_INVALID` before anything is written, otherwise as `publish` does; with `OPTION_INVALID` when a store that is
 * to be a single file would be too long for one.
 */
export async function commitBatch(writer: StoreWriter, given: StoreBatch, options: CallOptions): Promise<boolean> {
  const { catalog, manifest, layout, path } = writer.contents
  checkBatch(given, manifest.space.dimensions)
  checkTouches(catalog, given.touch ?? [])
  const batch = { ...given, delete: (given.delete ?? []).filter((id) => catalog.entries.has(id)) }
  if (isEmptyBatch(batch)) return false
  if (layout === 'segments') await commitToSegments(writer, batch, options)
  else {
    const done = staysSingle(writer, batch) && (await commitToSingleFile(writer, batch, options))
    if (!done && writer.writing.layout === 'single') throw tooLong(path)
    if (!done) await growWithBatch(writer, batch, options)
  }
  return true
}
