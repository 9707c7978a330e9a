import type { SearchHit, SearchQuery, StoredChunk } from '@quern/core'
import { wordsOf } from '@quern/core'
import { createSerialQueue } from '../serial-queue.ts'
import type { SourceContent } from '../source-entry.ts'
import type { StoreContents } from '../store-contents.ts'
import { createCoarseScores } from './coarse-scores.ts'
import type { KeywordIndex } from './keyword/keyword-index.ts'
import { createKeywordIndex } from './keyword/keyword-index.ts'
import { rankByWords, scoresWithin } from './keyword/rank-by-words.ts'
import type { Pace } from './pace.ts'
import { createPace } from './pace.ts'
import { createPictureLoader } from './picture-loader.ts'
import { rankByBoth } from './rank-by-both.ts'
import { rankByVector } from './rank-by-vector.ts'
import { readHits } from './read-hits.ts'
import { readText } from './read-text.ts'
import { createRowTable } from './rows/row-table.ts'
import type { SearchPicture } from './search-picture.ts'
import { findPlaces, rowEndOf } from './search-picture.ts'
import { selectRows } from './select-rows.ts'
import { createCacheReader, noCaches } from './vector-cache/cache-reader.ts'
import type { ScoredRow } from './vector-scores.ts'
import { createVectorScores } from './vector-scores.ts'

/** Searches in what a store holds. What they need is loaded by the first that needs it, and kept. */
export interface StoreSearch {
  /** The hits of a checked query, which is not changed meanwhile. */
  search(query: SearchQuery, checkpoint: () => void): Promise<SearchHit[]>
  /** All contents of the store at this moment. */
  contents(): readonly SourceContent[]
  /** The chunks among those of contents that have these ids, in the order of the ids, absent ones left out. Reads each by itself. */
  chunksById(
    contents: readonly SourceContent[],
    ids: readonly string[],
    checkpoint: () => void,
  ): AsyncIterable<StoredChunk>
}

/** Searches without anything loaded yet. `vectorCache`: whether rows are loaded from vector caches where there are any. */
export function createStoreSearch(store: StoreContents, vectorCache: boolean): StoreSearch {
  const { dimensions } = store.manifest.space
  const table = createRowTable({ dimensions })
  const loader = createPictureLoader(store, table, vectorCache ? createCacheReader(store.path, dimensions) : noCaches)
  let keywords: KeywordIndex | undefined
  const coarse = createCoarseScores(table.memory)
  const keywordUses = createSerialQueue()

  const scoreWords = async ({ sources }: SearchPicture, text: string, pace: Pace): Promise<Float64Array> => {
    const words = new Set(wordsOf(text))
    if (words.size === 0) return new Float64Array(rowEndOf(sources))
    return keywordUses.run(async () => {
      const index = (keywords ??= createKeywordIndex())
      await index.update(sources, pace)
      return index.scores(words, pace)
    })
  }
  const rank = async (picture: SearchPicture, query: SearchQuery, pace: Pace): Promise<ScoredRow[]> => {
    const { mode, text = '', vector = new Float32Array(), filter } = query
    const limit = Math.min(query.limit, picture.rowCount)
    if (limit === 0) return []
    if (filter !== undefined) await loader.loadMetadata(picture, pace)
    const extents = filter === undefined ? picture.extents : await selectRows(picture, filter, pace)
    const ranking = { picture, extents, limit, pace }
    const scores = createVectorScores(table.memory, vector, pace)
    if (mode === 'vector') return rankByVector(scores, ranking, await coarse.scores(picture, vector, pace))
    const all = await scoreWords(picture, text, pace)
    const wordScores = filter === undefined ? all : scoresWithin(all, extents)
    return mode === 'keyword' ? rankByWords(wordScores, ranking) : rankByBoth(scores, wordScores, ranking)
  }
  return {
    contents: () => loader.contents(),
    async search(query, checkpoint) {
      const contents = loader.contents()
      const pace = createPace(checkpoint)
      using _ = table.hold()
      const picture = await loader.picture(contents, pace)
      const ranked = await rank(picture, query, pace)
      const places = ranked.map(({ row, score }) => ({ score, place: picture.chunkAt(row) }))
      return await readHits(places, checkpoint)
    },
    async *chunksById(contents, ids, checkpoint) {
      using _ = table.hold()
      const { sources } = await loader.picture(contents, createPace(checkpoint))
      const places = findPlaces(sources, ids)
      for (const id of ids) {
        checkpoint()
        const place = places.get(id)
        if (place === undefined) continue
        const vector = table.memory.vector(place.rows.firstRow + place.index).slice()
        yield { ...(await readText(place)), vector }
      }
    },
  }
}
