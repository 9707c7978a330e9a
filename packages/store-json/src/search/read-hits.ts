import type { SearchHit } from '@quern/core'
import { readText } from './read-text.ts'
import type { ChunkPlace } from './search-picture.ts'

/** A place with the score of its chunk. */
export interface ScoredPlace {
  readonly score: number
  readonly place: ChunkPlace
}

/** Hits whose texts are read at the same time. */
const hitsAtOnce = 16

/** Reads the texts of hits, each by itself and checked. Rejects with `STORE_CORRUPT` for one that is not as it was written. */
export async function readHits(hits: readonly ScoredPlace[], checkpoint: () => void): Promise<SearchHit[]> {
  const read: SearchHit[] = []
  for (let first = 0; first < hits.length; first += hitsAtOnce) {
    checkpoint()
    const some = hits.slice(first, first + hitsAtOnce)
    read.push(...(await Promise.all(some.map(async ({ score, place }) => ({ score, chunk: await readText(place) })))))
  }
  return read
}
