import { wordsOf } from '@quern/core'
import { rowIdReader, stringReader } from '../format/read-columns.ts'
import { chunkIdOf } from '../format/row-ids.ts'
import { isChunkRow } from '../read/read-rows.ts'
import type { Candidate, TableSearch } from './table-search.ts'
import { candidateColumns, filterReader } from './table-search.ts'
import { createTopHits } from './top-hits.ts'

/** How soon further occurrences of a word in one text stop counting; the value of Lucene. */
const saturation = 1.2
/** How much a text is discounted for being longer than the others, from 0 to 1; the value of Lucene. */
const lengthDiscount = 0.75

interface FoundText {
  readonly id: string
  readonly rowId: bigint
  /** Number of words of the text. */
  readonly length: number
  /** How often each word of the query stands in it, in their order. */
  readonly counts: Uint32Array
}

/** What BM25 needs to know of all texts. */
interface TextCounts {
  texts: number
  words: number
  /** In how many texts each word of the query stands. */
  readonly having: Float64Array
}

function countWords(text: string, places: ReadonlyMap<string, number>): { counts: Uint32Array; length: number } {
  const counts = new Uint32Array(places.size)
  const words = wordsOf(text)
  for (const word of words) {
    const place = places.get(word)
    if (place !== undefined) counts[place] = (counts[place] ?? 0) + 1
  }
  return { counts, length: words.length }
}

/** Okapi BM25, as in `scoreByWords` of the core: equal texts have equal scores, to the last bit. */
function weigh({ length, counts }: FoundText, { texts, words, having }: TextCounts): number {
  const norm = saturation * (1 - lengthDiscount + lengthDiscount * (length / (words / texts)))
  let score = 0
  for (const [place, count] of counts.entries()) {
    const textsWith = having[place] ?? 0
    const rarity = Math.log(1 + (texts - textsWith + 0.5) / (textsWith + 0.5))
    score += (rarity * count * (saturation + 1)) / (count + norm)
  }
  return score
}

/**
 * The ranking by words without an index of them: reads all texts once. Holds the ids of the chunks that have one of the words. How rare a
 * word is follows from all chunks, also those that the filter leaves out.
 */
export async function rankByReading(
  search: TableSearch,
  words: ReadonlySet<string>,
  limit: number,
): Promise<Candidate[]> {
  if (words.size === 0) return []
  const places = new Map(Array.from(words, (word, place) => [word, place]))
  const all: TextCounts = { texts: 0, words: 0, having: new Float64Array(words.size) }
  const found: FoundText[] = []
  const query = search.table.query().where(isChunkRow).select(candidateColumns(search, 'pageContent')).withRowId()
  for await (const batch of query) {
    search.checkpoint()
    const [id, rowId, text] = [stringReader(batch, 'id'), rowIdReader(batch), stringReader(batch, 'pageContent')]
    const matches = filterReader(search, batch)
    for (let row = 0; row < batch.numRows; row++) {
      const { counts, length } = countWords(text(row) ?? '', places)
      all.texts++
      all.words += length
      if (!counts.some((count) => count > 0)) continue
      for (const [place, count] of counts.entries()) if (count > 0) all.having[place] = (all.having[place] ?? 0) + 1
      if (matches(row)) found.push({ id: chunkIdOf(id(row) ?? ''), rowId: rowId(row), length, counts })
    }
  }
  const top = createTopHits<Candidate>(limit)
  for (const one of found) top.add({ id: one.id, rowId: one.rowId, score: weigh(one, all) })
  return top.best()
}
