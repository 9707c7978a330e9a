import type { Config } from '../config/config-schema.ts'
import type { FolderSurvey } from './survey-folder.ts'

/** What a configuration begins with, and why. */
export interface SuggestedConfig extends Pick<Config, 'sources' | 'exclude'> {
  readonly sources: string[]
  readonly exclude: string[]
  readonly model: string
  readonly store: { readonly type: 'json' | 'lancedb' }
  /** Roughly: from the sizes of the files alone. */
  readonly estimatedChunks: number
}

/** Bytes of a file that make one chunk, roughly: 250 to 400 tokens of four to five letters. */
const bytesOfChunk = 1500
/** A PDF or an office file is mostly not text. */
const textShare: Readonly<Record<string, number>> = {
  '.pdf': 0.1,
  '.docx': 0.2,
  '.pptx': 0.05,
  '.xlsx': 0.3,
  '.epub': 0.3,
}
/** What the JSON store is made for. */
const chunksOfJsonStore = 100_000
/** More folders than this are the whole folder. */
const mostFolders = 6

function estimateChunks({ bytes, documents, endings }: FolderSurvey): number {
  if (documents === 0) return 0
  const share =
    endings.reduce((sum, { ending, documents: count }) => sum + (textShare[ending] ?? 1) * count, 0) / documents
  return Math.max(documents, Math.round((bytes * share) / bytesOfChunk))
}

function suggestSources(folders: FolderSurvey['folders']): string[] {
  const names = folders.map(({ name }) => name)
  // Files beside the folders belong to it, too.
  if (names.length === 0 || names.length > mostFolders || names.includes('.')) return ['.']
  return names.toSorted()
}

/** Sources, exclusions and store for what lies in a folder. */
export function suggestConfig(survey: FolderSurvey): SuggestedConfig {
  const estimatedChunks = estimateChunks(survey)
  const sources = suggestSources(survey.folders)
  // The configuration itself is no document.
  const own = sources.includes('.') ? ['indexer.config.*'] : []
  return {
    sources,
    exclude: [...own, ...survey.derived.map((name) => `**/${name}/**`)],
    model: 'starter',
    store: { type: estimatedChunks > chunksOfJsonStore ? 'lancedb' : 'json' },
    estimatedChunks,
  }
}
