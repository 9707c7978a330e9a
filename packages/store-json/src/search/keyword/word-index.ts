import { wordsOf } from '@quern/core'
import type { Pace } from '../pace.ts'
import { rarityOf, wordScore } from './bm25.ts'
import type { Postings } from './postings.ts'
import { createPostings, withRoom } from './postings.ts'

/** Which words stand in which texts, and how often. Holds no texts. */
export interface WordIndex {
  /** Texts that were added and not removed. */
  readonly liveTexts: number
  /** Texts that were removed; the lists of their words still name them. */
  readonly removedTexts: number
  /** Takes in the text of a row. Returns its number: 0, 1, 2, … */
  add(row: number, text: string): number
  /** Removes a text by its number, for good. */
  remove(text: number): void
  /**
   * The scores of all rows by Okapi BM25 among all texts, by row up to `rowEnd`, 0 for those that have none of the words. The words are
   * added up in their order.
   */
  scores(words: ReadonlySet<string>, rowEnd: number, pace: Pace): Promise<Float64Array>
  /** An index of the same texts without those that were removed; numbered anew from 0, in the same order. This one is as it was. */
  compacted(pace: Pace): Promise<WordIndex>
}

/** Row of a text that was removed. */
const noRow = 2 ** 32 - 1

/** What an index begins with. */
interface WordIndexParts {
  readonly lists: Map<string, number>
  readonly postings: Postings
  readonly rows: Uint32Array<ArrayBuffer>
  readonly lengths: Uint32Array<ArrayBuffer>
  readonly textCount: number
  readonly wordCount: number
}

/** The same characters in memory of their own: a word that was cut from a text keeps all of it in memory. */
function ownCopy(word: string): string {
  return Buffer.from(word).toString()
}

function indexOf(parts: WordIndexParts): WordIndex {
  const { lists, postings } = parts
  let { rows, lengths, textCount: liveTexts, wordCount } = parts
  let nextText = liveTexts
  // How often the text that is taken in has each word.
  let counts = new Uint32Array(lists.size)

  const listOf = (word: string): number => {
    const known = lists.get(word)
    if (known !== undefined) return known
    const list = postings.create()
    lists.set(ownCopy(word), list)
    counts = withRoom(counts, list)
    return list
  }
  const addScores = async (list: number, scores: Float64Array, pace: Pace): Promise<void> => {
    let having = 0
    await postings.each(list, (text) => void (having += rows[text] === noRow ? 0 : 1), pace)
    const rarity = rarityOf(liveTexts, having)
    const averageLength = wordCount / liveTexts
    const addScore = (text: number, count: number): void => {
      const row = rows[text] as number
      if (row === noRow) return
      const score = wordScore(rarity, count, (lengths[text] as number) / averageLength)
      scores[row] = (scores[row] as number) + score
    }
    await postings.each(list, addScore, pace)
  }
  return {
    get liveTexts() {
      return liveTexts
    },
    get removedTexts() {
      return nextText - liveTexts
    },
    add(row, text) {
      const number = nextText
      const words = wordsOf(text)
      const found: number[] = []
      for (const word of words) {
        const list = listOf(word)
        const count = counts[list] as number
        if (count === 0) found.push(list)
        counts[list] = count + 1
      }
      for (const list of found) {
        postings.append(list, number, counts[list] as number)
        counts[list] = 0
      }
      rows = withRoom(rows, number)
      lengths = withRoom(lengths, number)
      rows[number] = row
      lengths[number] = words.length
      nextText++
      liveTexts++
      wordCount += words.length
      return number
    },
    remove(text) {
      if (rows[text] === noRow) return
      rows[text] = noRow
      liveTexts--
      wordCount -= lengths[text] as number
    },
    async scores(words, rowEnd, pace) {
      const scores = new Float64Array(rowEnd)
      for (const word of words) {
        if (pace.due()) await pace.rest()
        const list = lists.get(word)
        if (list !== undefined) await addScores(list, scores, pace)
      }
      return scores
    },
    async compacted(pace) {
      const numbers = new Uint32Array(nextText)
      let textCount = 0
      for (let text = 0; text < nextText; text++) if (rows[text] !== noRow) numbers[text] = textCount++
      const next = {
        lists: new Map<string, number>(),
        postings: createPostings(),
        rows: rows.subarray(0, nextText).filter((row) => row !== noRow),
        lengths: lengths.subarray(0, nextText).filter((_, text) => rows[text] !== noRow),
        textCount,
        wordCount,
      }
      for (const [word, list] of lists) {
        if (pace.due()) await pace.rest()
        const copy = (text: number, count: number): void => {
          if (rows[text] === noRow) return
          let target = next.lists.get(word)
          if (target === undefined) next.lists.set(word, (target = next.postings.create()))
          next.postings.append(target, numbers[text] as number, count)
        }
        await postings.each(list, copy, pace)
      }
      return indexOf(next)
    },
  }
}

/** An index of no texts. */
export function createWordIndex(): WordIndex {
  const none = new Uint32Array(0)
  return indexOf({
    lists: new Map(),
    postings: createPostings(),
    rows: none,
    lengths: none,
    textCount: 0,
    wordCount: 0,
  })
}
