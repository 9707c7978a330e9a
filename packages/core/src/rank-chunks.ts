import type { StoredChunk } from './chunk.ts'
import { matchesFilter } from './filter.ts'
import { fuseRankings } from './fuse-rankings.ts'
import { scoreByWords } from './keyword/score-by-words.ts'
import type { Scored } from './similarity.ts'
import { compareScored, cosineSimilarity } from './similarity.ts'
import type { SearchQuery } from './vector-store.ts'

function rankByVector(chunks: readonly StoredChunk[], vector: Float32Array): Scored[] {
  return chunks
    .map((chunk) => ({ id: chunk.id, score: cosineSimilarity(vector, chunk.vector) }))
    .toSorted(compareScored)
}

/**
 * All chunks that match a checked query (see `VectorStore.search`), with their scores, best first, whatever the limit. Compares with
 * every chunk: the reference of all three modes. How rare a word is follows from all `chunks`, also those that the filter leaves out.
 */
export function rankChunks(chunks: readonly StoredChunk[], query: SearchQuery): Scored[] {
  const { mode, filter } = query
  const matching = filter === undefined ? chunks : chunks.filter(({ metadata }) => matchesFilter(metadata, filter))
  const byVector = mode === 'keyword' ? [] : rankByVector(matching, query.vector as Float32Array)
  if (mode === 'vector') return byVector
  const ids = new Set(matching.map(({ id }) => id))
  const texts = chunks.map(({ id, pageContent }) => ({ id, text: pageContent }))
  const byWords = scoreByWords(query.text as string, texts)
    .filter(({ id }) => ids.has(id))
    .toSorted(compareScored)
  if (mode === 'keyword') return byWords
  return fuseRankings([byVector, byWords].map((ranking) => ranking.map(({ id }) => id)))
}
