import type { ChunkText } from '../../format/chunk-line.ts'
import { decodeTexts } from '../decode-texts.ts'
import type { Pace } from '../pace.ts'
import { readAhead } from '../../files/read-ahead.ts'
import type { SourceRows } from '../rows/source-rows.ts'
import type { LoadedSource } from '../search-picture.ts'
import { rowEndOf } from '../search-picture.ts'
import type { WordIndex } from './word-index.ts'
import { createWordIndex } from './word-index.ts'

/** Which words stand in which chunks. For one caller at a time. */
export interface KeywordIndex {
  /** Takes in the texts of these sources of a picture and forgets all others. Rejects with `STORE_CORRUPT` for texts that are not as they were written. */
  update(sources: readonly LoadedSource[], pace: Pace): Promise<void>
  /** The scores of all rows by Okapi BM25 among all chunks, by row; 0 for those whose chunks have none of the words. */
  scores(words: ReadonlySet<string>, pace: Pace): Promise<Float64Array>
}

/** Removed texts that are left in the index however few others there are. */
const removedTextsAtEase = 1024

async function addTexts(
  index: WordIndex,
  { texts, firstRow, pace }: { texts: readonly ChunkText[]; firstRow: number; pace: Pace },
): Promise<number[]> {
  const numbers: number[] = []
  try {
    for (const { pageContent } of texts) {
      if (pace.due()) await pace.rest()
      numbers.push(index.add(firstRow + numbers.length, pageContent))
    }
    return numbers
  } catch (error) {
    for (const text of numbers) index.remove(text)
    throw error
  }
}

/** An index without texts. */
export function createKeywordIndex(): KeywordIndex {
  // The number of the first text of each source in the index; the others follow it.
  let indexed = new Map<SourceRows, number>()
  let index = createWordIndex()
  let rowEnd = 0

  const removeOthers = (wanted: ReadonlySet<SourceRows>): void => {
    for (const [rows, firstText] of indexed) {
      if (wanted.has(rows)) continue
      for (let at = 0; at < rows.count; at++) index.remove(firstText + at)
      indexed.delete(rows)
    }
  }
  const compact = async (pace: Pace): Promise<void> => {
    index = await index.compacted(pace)
    // In the order in which the sources were added: that of their texts.
    let firstText = 0
    const moved = new Map<SourceRows, number>()
    for (const rows of indexed.keys()) {
      moved.set(rows, firstText)
      firstText += rows.count
    }
    indexed = moved
  }
  return {
    async update(sources, pace) {
      // First what is gone: others may have its rows by now.
      removeOthers(new Set(sources.map(({ rows }) => rows)))
      if (index.removedTexts > index.liveTexts + removedTextsAtEase) await compact(pace)
      const missing = new Map(
        sources.flatMap(({ content, rows }) => (indexed.has(rows) ? [] : [[content, rows] as const])),
      )
      for await (const source of readAhead([...missing.keys()])) {
        const rows = missing.get(source.content)
        const texts = await decodeTexts(source, pace)
        if (rows === undefined) continue
        const [firstText = 0] = await addTexts(index, { texts, firstRow: rows.firstRow, pace })
        indexed.set(rows, firstText)
      }
      rowEnd = rowEndOf(sources)
    },
    scores: (words, pace) => index.scores(words, rowEnd, pace),
  }
}
