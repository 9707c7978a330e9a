import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SearchHit, SearchQuery } from '@quern/core'
import { matchesFilter, vectorLength } from '@quern/core'
import type { SourceContent } from '../source-entry.ts'
import { decodeChunkText } from '../format/chunk-line.ts'
import { decodeLine, readPart } from '../files/read-source.ts'
import type { SourceRows } from './source-rows.ts'
import { createTopHits } from './top-hits.ts'

interface Candidate {
  readonly id: string
  readonly score: number
  readonly content: SourceContent
  readonly row: number
}

/** Rows that are compared without a pause: other work waits some 10 ms at most. */
const rowsPerTurn = 16_384

/**
 * Cosine as in `cosineSimilarity`, in the same order of operations, so that equal scores are equal here where they are in the
 * reference store.
 */
function scoreOf(
  { vectors, lengths }: SourceRows,
  row: number,
  query: { vector: Float32Array; length: number },
): number {
  const { vector, length } = query
  const start = row * vector.length
  let sum = 0
  for (let i = 0; i < vector.length; i++) sum += (vector[i] as number) * (vectors[start + i] as number)
  return Math.max(-1, Math.min(1, sum / (length * (lengths[row] as number))))
}

async function rank(
  contents: readonly SourceContent[],
  { vector: queryVector, filter, limit }: SearchQuery,
  checkpoint: () => void,
): Promise<Candidate[]> {
  const vector = queryVector as Float32Array
  const query = { vector, length: vectorLength(vector) }
  const top = createTopHits<Candidate>(limit)
  let sincePause = 0
  for (const content of contents) {
    const { rows } = content
    if (rows === undefined) continue
    for (const [row, id] of rows.ids.entries()) {
      if (filter !== undefined && !matchesFilter(rows.metadata[row] as SourceRows['metadata'][number], filter)) continue
      const score = scoreOf(rows, row, query)
      if (top.admits(score)) top.add({ id, score, content, row })
    }
    sincePause += rows.ids.length
    if (sincePause >= rowsPerTurn) {
      sincePause = 0
      await nextTurn()
      checkpoint()
    }
  }
  return top.best()
}

async function readHit({ content, row, score }: Candidate): Promise<SearchHit> {
  const { range, rows } = content
  if (range === undefined || rows === undefined) throw new TypeError('a hit in a source without loaded chunks')
  const start = rows.lineStarts[row] as number
  const length = (rows.vectorStarts[row] as number) - start
  const line = await readPart(range, start, length)
  const chunk = await decodeLine(content, row, () => decodeChunkText(line, length))
  return { score, chunk }
}

/** The best hits of a search by vector among contents whose rows are loaded. The texts of the hits are read from the disk. */
export async function searchRows(
  contents: readonly SourceContent[],
  query: SearchQuery,
  checkpoint: () => void,
): Promise<SearchHit[]> {
  const hits: SearchHit[] = []
  for (const candidate of await rank(contents, query, checkpoint)) {
    checkpoint()
    hits.push(await readHit(candidate))
  }
  return hits
}
