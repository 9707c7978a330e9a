import type { CallOptions } from '@quern/core'
import type { FileOperations } from '@quern/core/files'
import { writeFileDurably } from '@quern/core/files'
import type { Draft } from '../commit/draft.ts'
import { createDraft } from '../commit/draft.ts'
import type { ChunkFile } from '../files/chunk-file.ts'
import { openChunkFile } from '../files/chunk-file.ts'
import type { StoredRoot } from '../files/read-root.ts'
import type { Manifest } from '../format/manifest.ts'
import { encodeManifest } from '../format/manifest.ts'
import { putRecord } from '../format/source-record.ts'
import { chunkFolder, manifestName, sourceFolder, storePath } from '../format/store-layout.ts'
import type { KnownSource } from './fold-events.ts'
import type { SegmentSurvey } from './survey-segments.ts'

/** Opens damaged chunk files of whose sound sources copies are made, each once. */
function createDamagedFiles(store: string, { chunkFiles }: SegmentSurvey) {
  const open = new Map<string, ChunkFile>()
  return {
    async get(file: string): Promise<ChunkFile> {
      const before = open.get(file)
      if (before !== undefined) return before
      const opened = await openChunkFile(store, { file, bytes: chunkFiles.get(file)?.bytes ?? 0 })
      open.set(file, opened)
      return opened
    },
    async [Symbol.asyncDispose]() {
      for (const file of open.values()) await file.close()
    },
  }
}

function stands({ damage }: SegmentSurvey, { range }: KnownSource): boolean {
  return range === undefined || !damage.has(range.file)
}

/** Writes the records of all sources anew, and copies those of damaged files. */
async function writeSources(
  store: string,
  survey: SegmentSurvey,
  { draft, signal }: { readonly draft: Draft } & CallOptions,
): Promise<void> {
  await using damaged = createDamagedFiles(store, survey)
  for (const source of survey.sources) {
    signal?.throwIfAborted()
    const { state, textHashes, range } = source
    let place = range
    if (range !== undefined && !stands(survey, source)) {
      const file = await damaged.get(range.file)
      place = await draft.copySource({ ...range, file }, await file.read(range.offset, range.bytes))
    }
    await draft.addRecord(putRecord(state, textHashes, place))
  }
}

async function writeRecords(
  store: string,
  survey: SegmentSurvey,
  { operations, signal }: { readonly operations: FileOperations } & CallOptions,
): Promise<Pick<Manifest, 'sourceFiles' | 'chunkFiles' | 'nextFile'>> {
  const { sourceFiles, sources, lost, nextFile, header } = survey
  if (sourceFiles !== undefined && lost.length === 0 && sources.every((source) => stands(survey, source))) {
    return { sourceFiles, chunkFiles: [], nextFile }
  }
  const draft = createDraft({ store, firstFile: nextFile, header, follows: undefined, operations })
  try {
    await writeSources(store, survey, { draft, signal })
    const finished = await draft.finish()
    return { ...finished, sourceFiles: finished.sourceFile === undefined ? [] : [finished.sourceFile] }
  } catch (error) {
    await draft.discard()
    throw error
  }
}

/**
 * Makes a sound store of what a survey has found: sources in damaged chunk files are copied to new ones, the records are written again
 * where any of them is concerned, and a new manifest names the files that are sound. The files that it does not name any more stay for the
 * caller to remove. Rejects with the system's errors, with `signal.reason`.
 */
export async function rewriteSegments(
  store: string,
  survey: SegmentSurvey,
  options: { readonly operations: FileOperations } & CallOptions,
): Promise<StoredRoot> {
  const { operations } = options
  await operations.makeFolder(storePath(store, chunkFolder))
  await operations.makeFolder(storePath(store, sourceFolder))
  await operations.syncFolder(store)
  const { sourceFiles, chunkFiles, nextFile } = await writeRecords(store, survey, options)
  const sound = [...survey.chunkFiles].filter(([file]) => !survey.damage.has(file))
  const manifest: Manifest = {
    space: survey.header.space,
    createdAt: survey.header.createdAt,
    updatedAt: new Date().toISOString(),
    sources: survey.sources.length,
    chunks: survey.sources.reduce((sum, { state }) => sum + state.chunkCount, 0),
    nextFile,
    sourceFiles,
    chunkFiles: [
      ...sound.map(([file, { bytes, headerBytes }]) => ({ file, bytes, header: headerBytes })),
      ...chunkFiles,
    ],
  }
  const text = encodeManifest(manifest)
  await writeFileDurably(storePath(store, manifestName), text, operations)
  return { layout: 'segments', manifest, text, records: [] }
}
