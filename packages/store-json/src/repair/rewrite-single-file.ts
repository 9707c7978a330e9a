import { randomUUID } from 'node:crypto'
import type { FileOperations } from '@quern/core/files'
import { recordSources, writeSingleFile } from '../commit/single-file-draft.ts'
import type { DraftedSource } from '../commit/single-file-draft.ts'
import type { StoredRoot } from '../files/read-root.ts'
import { encodeSingleFileHead } from '../format/single-file.ts'
import { singleFileName, storePath } from '../format/store-layout.ts'
import type { KnownSource } from './fold-events.ts'
import type { SingleFileSurvey } from './survey-single-file.ts'

function draftSource({ file }: SingleFileSurvey, { state, textHashes, range }: KnownSource): DraftedSource {
  const { offset, bytes, sha256 } = range ?? { offset: 0, bytes: 0, sha256: '' }
  return { state, textHashes, bytes, sha256, content: undefined, entries: { file, offset } }
}

/** Writes a single file of the sources that a survey has found sound, in place of the damaged one. Rejects with the system's errors. */
export async function rewriteSingleFile(
  store: string,
  survey: SingleFileSurvey,
  operations: FileOperations,
): Promise<StoredRoot> {
  const path = storePath(store, singleFileName)
  const sources = survey.sources.map((source) => draftSource(survey, source))
  const records = recordSources(sources)
  const chunks = records.reduce((sum, { put }) => sum + put.chunkCount, 0)
  const head = encodeSingleFileHead({ ...survey.header, updatedAt: new Date().toISOString(), chunks, records })
  const temporary = `${path}.${randomUUID()}.tmp`
  const file = await operations.createFile(temporary)
  try {
    try {
      await writeSingleFile(file, { head, sources })
      await file.sync()
    } finally {
      await file.close()
    }
    await operations.rename(temporary, path)
  } catch (error) {
    // The first error says what happened; the next writer removes what is left.
    await operations.remove(temporary).catch(() => undefined)
    throw error
  }
  await operations.syncFolder(store)
  return { layout: 'single', ...head }
}
