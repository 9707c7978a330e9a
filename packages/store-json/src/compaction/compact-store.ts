import type { CallOptions } from '@quern/core'
import type { CompactionPlan, CompactionSituation } from './compaction-plan.ts'
import { isEmptyPlan } from './compaction-plan.ts'
import type { Draft, FinishedDraft } from '../commit/draft.ts'
import type { Manifest } from '../format/manifest.ts'
import type { Change, StoreWriter } from '../commit/publish.ts'
import { publish } from '../commit/publish.ts'
import type { SourceEntry } from '../source-entry.ts'
import type { RecordedRange } from '../format/recorded-range.ts'
import { putRecord, storedRecord } from '../format/source-record.ts'
import type { StoreContents } from '../store-contents.ts'
import { openRange } from '../store-contents.ts'

/** A source whose record is written anew; with the new place of its chunks, if they were copied. */
interface Rewritten {
  readonly entry: SourceEntry
  readonly moved: RecordedRange | undefined
}

/** What a plan is made from, of an open store. A single file is written anew by each commit, so nothing of it is to be compacted. */
export function compactionSituation({ layout, manifest, catalog }: StoreContents): CompactionSituation {
  const { chunkFiles, sourceFiles } = layout === 'single' ? { chunkFiles: [], sourceFiles: [] } : manifest
  return { chunkFiles, sourceFiles, sources: catalog.entries.size, liveBytes: (file) => catalog.liveBytes(file) }
}

async function rewrite(draft: Draft, entry: SourceEntry, moving: ReadonlySet<string>): Promise<Rewritten> {
  const { state, content } = entry
  if (content.range === undefined || !moving.has(content.range.file.file)) {
    await draft.addRecord(storedRecord(state, content))
    return { entry, moved: undefined }
  }
  const moved = await draft.copySource(content.range)
  await draft.addRecord(putRecord(state, content.textHashes, moved))
  return { entry, moved }
}

function nextManifest(manifest: Manifest, plan: CompactionPlan, finished: FinishedDraft): Manifest {
  const moving = new Set(plan.chunkFiles)
  const { sourceFile, chunkFiles, nextFile } = finished
  return {
    ...manifest,
    nextFile,
    sourceFiles: [
      ...manifest.sourceFiles.slice(0, plan.sourcesFrom),
      ...(sourceFile === undefined ? [] : [sourceFile]),
    ],
    chunkFiles: [...manifest.chunkFiles.filter(({ file }) => !moving.has(file)), ...chunkFiles],
  }
}

/**
 * Writes files anew as a plan says: lines of stored chunks are copied as they are and checked on the way, records of stored sources
 * are written again. What the store holds stays the same. Rejects as `publish` does, with `STORE_CORRUPT` for damaged chunks.
 */
export async function compactStore(writer: StoreWriter, plan: CompactionPlan, options: CallOptions): Promise<void> {
  if (isEmptyPlan(plan)) return
  const { contents } = writer
  const { catalog, manifest, chunkFiles } = contents
  const moving = new Set(plan.chunkFiles)
  const merged = new Set(manifest.sourceFiles.slice(plan.sourcesFrom ?? Infinity).map(({ file }) => file))
  const prepare = async (draft: Draft): Promise<Change> => {
    const rewritten: Rewritten[] = []
    for (const entry of catalog.entries.values()) {
      options.signal?.throwIfAborted()
      const { range } = entry.content
      if (!merged.has(entry.recordFile) && (range === undefined || !moving.has(range.file.file))) continue
      rewritten.push(await rewrite(draft, entry, moving))
    }
    // Files before the merged ones may still hold a source that was deleted since.
    const deletions = [...catalog.deletions].flatMap(([id, file]) =>
      merged.has(file) && plan.sourcesFrom !== 0 ? [id] : [],
    )
    for (const id of deletions) await draft.addRecord({ delete: id })
    return {
      nextManifest: (finished) => nextManifest(manifest, plan, finished),
      apply() {
        catalog.forgetDeletions(merged)
        for (const id of deletions) catalog.delete(id, draft.sourceFile)
        for (const { entry, moved } of rewritten) {
          const content =
            moved === undefined ? entry.content : { ...entry.content, range: openRange(chunkFiles, moved) }
          catalog.put({ state: entry.state, content, recordFile: draft.sourceFile })
        }
      },
    }
  }
  const kept = manifest.sourceFiles.slice(0, plan.sourcesFrom)
  await publish(writer, { prepare, follows: kept.at(-1)?.file }, options)
}
