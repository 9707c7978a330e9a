import type MiniSearch from 'minisearch'
import { wordsOf } from '@quern/core'
import type { ChunkText } from '../../format/chunk-line.ts'
import { decodeTexts } from '../decode-source.ts'
import type { Pace } from '../pace.ts'
import { readAhead } from '../read-ahead.ts'
import type { SourceRows } from '../rows/source-rows.ts'
import type { LoadedSource } from '../search-picture.ts'

/** Which words stand in which chunks. For one caller at a time. */
export interface KeywordIndex {
  /** Takes in the texts of these sources and forgets all others. Rejects with `STORE_CORRUPT` for texts that are not as they were written. */
  update(sources: readonly LoadedSource[], pace: Pace): Promise<void>
  /** The rows whose chunks have at least one of the words, with their scores by Okapi BM25 among all chunks. */
  scores(words: ReadonlySet<string>, pace: Pace): Promise<Map<number, number>>
}

/** A text with the row of its chunk. */
interface IndexedText {
  readonly row: number
  readonly text: string
}

/** The values of Lucene; without the lower bound of BM25+. */
const bm25 = { k: 1.2, b: 0.75, d: 0 }

/** With these every score is the rarity of the word alone. */
const rarityAlone = { k: 0, b: 0, d: 0 }

/** Searches that are tried before the whole index is tidied up, which takes longer. */
const cleaningSearches = 8

/**
 * Removes what is left of discarded texts under a word: until then the engine counts them when it says how rare the word is. It takes
 * them out by itself, but a search takes only one occurrence out of each text.
 */
async function clean(engine: MiniSearch<IndexedText>, word: string): Promise<void> {
  for (let searches = 0; searches < cleaningSearches; searches++) {
    const found = engine.search(word, { bm25: rarityAlone })
    const rarity = Math.log(1 + (engine.documentCount - found.length + 0.5) / (found.length + 0.5))
    if (found.every(({ score }) => score === rarity)) return
  }
  await engine.vacuum()
}

function itself(word: string): string {
  return word
}

function oneWord(word: string): string[] {
  return [word]
}

async function createEngine(): Promise<MiniSearch<IndexedText>> {
  const { default: Engine } = await import('minisearch')
  return new Engine<IndexedText>({
    idField: 'row',
    fields: ['text'],
    tokenize: wordsOf,
    processTerm: itself,
    // Each word by itself: the sum over the words is then plain BM25, and other work can run between two words.
    searchOptions: { tokenize: oneWord, bm25 },
  })
}

async function addTexts(
  engine: MiniSearch<IndexedText>,
  { texts, firstRow, pace }: { texts: readonly ChunkText[]; firstRow: number; pace: Pace },
): Promise<void> {
  let row = firstRow
  try {
    for (const { pageContent } of texts) {
      if (pace.due()) await pace.rest()
      engine.add({ row, text: pageContent })
      row++
    }
  } catch (error) {
    while (row > firstRow) engine.discard(--row)
    throw error
  }
}

/** An index without texts. Nothing is loaded for it before its first update. */
export function createKeywordIndex(): KeywordIndex {
  const indexed = new Set<SourceRows>()
  let opened: Promise<MiniSearch<IndexedText>> | undefined

  return {
    async update(sources, pace) {
      const engine = await (opened ??= createEngine())
      const wanted = new Set(sources.map(({ rows }) => rows))
      // First what is gone: others may have its rows by now.
      for (const rows of indexed) {
        if (wanted.has(rows)) continue
        for (const index of rows.ids.keys()) engine.discard(rows.firstRow + index)
        indexed.delete(rows)
      }
      const missing = new Map(
        sources.flatMap(({ content, rows }) => (indexed.has(rows) ? [] : [[content, rows] as const])),
      )
      for await (const source of readAhead([...missing.keys()])) {
        const rows = missing.get(source.content)
        const texts = await decodeTexts(source, pace)
        if (rows === undefined) continue
        await addTexts(engine, { texts, firstRow: rows.firstRow, pace })
        indexed.add(rows)
      }
    },
    async scores(words, pace) {
      const scores = new Map<number, number>()
      const engine = await (opened ??= createEngine())
      for (const word of words) {
        if (pace.due()) await pace.rest()
        if (engine.dirtCount > 0) await clean(engine, word)
        for (const { id, score } of engine.search(word)) {
          const row = id as number
          scores.set(row, (scores.get(row) ?? 0) + score)
        }
      }
      return scores
    },
  }
}
