import type { CallOptions } from '@quern/core'
import type { CompactionPlan, CompactionSituation } from './compaction-plan.ts'
import { isEmptyPlan } from './compaction-plan.ts'
import type { Draft, FinishedDraft } from '../commit/draft.ts'
import type { Manifest } from '../format/manifest.ts'
import type { Change, StoreWriter } from '../commit/publish.ts'
import { publish } from '../commit/publish.ts'
import type { SourceContent } from '../source-entry.ts'
import { readSources } from '../files/read-runs.ts'
import type { RecordedRange } from '../format/recorded-range.ts'
import { putRecord, storedRecord } from '../format/source-record.ts'
import type { StoreContents } from '../store-contents.ts'
import { openRange } from '../store-contents.ts'

/** What a plan is made from, of an open store of segments. */
function situationOf({ manifest, catalog }: StoreContents): CompactionSituation {
  const { chunkFiles, sourceFiles } = manifest
  return { chunkFiles, sourceFiles, sources: catalog.entries.size, liveBytes: (file) => catalog.liveBytes(file) }
}

/** Copies the chunks of sources, in the order in which they stand in their files. Returns their new places. */
async function copyChunks(
  draft: Draft,
  contents: readonly SourceContent[],
  { signal }: CallOptions,
): Promise<ReadonlyMap<SourceContent, RecordedRange>> {
  const moved = new Map<SourceContent, RecordedRange>()
  for await (const { content, bytes } of readSources(contents)) {
    signal?.throwIfAborted()
    if (content.range !== undefined && bytes !== undefined)
      moved.set(content, await draft.copySource(content.range, bytes))
  }
  return moved
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
 * Writes files anew as the plan says that is made of the store: lines of stored chunks are copied as they are and checked on the way,
 * records of stored sources are written again. What the store holds stays the same. Rejects as `publish` does, with `STORE_CORRUPT` for
 * damaged chunks.
 */
export async function compactStore(
  writer: StoreWriter,
  makePlan: (situation: CompactionSituation) => CompactionPlan,
  options: CallOptions,
): Promise<void> {
  // A single file is written anew by each commit, so nothing of it is to be compacted.
  if (writer.contents.layout === 'single') return
  const plan = makePlan(situationOf(writer.contents))
  if (isEmptyPlan(plan)) return
  const { catalog, manifest, chunkFiles } = writer.contents
  const moving = new Set(plan.chunkFiles)
  const merged = new Set(manifest.sourceFiles.slice(plan.sourcesFrom ?? Infinity).map(({ file }) => file))
  const isMoving = ({ range }: SourceContent): boolean => range !== undefined && moving.has(range.file.file)
  const prepare = async (draft: Draft): Promise<Change> => {
    const rewritten = Array.from(catalog.entries.values()).filter(
      ({ content, recordFile }) => merged.has(recordFile) || isMoving(content),
    )
    const contents = rewritten.map(({ content }) => content)
    const moved = await copyChunks(draft, contents.filter(isMoving), options)
    for (const { state, content } of rewritten) {
      options.signal?.throwIfAborted()
      const place = moved.get(content)
      await draft.addRecord(
        place === undefined ? storedRecord(state, content) : putRecord(state, content.textHashes, place),
      )
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
        for (const { state, content } of rewritten) {
          const place = moved.get(content)
          const current = place === undefined ? content : { ...content, range: openRange(chunkFiles, place) }
          catalog.put({ state, content: current, recordFile: draft.sourceFile })
        }
      },
    }
  }
  const kept = manifest.sourceFiles.slice(0, plan.sourcesFrom)
  await publish(writer, { prepare, follows: kept.at(-1)?.file }, options)
}
