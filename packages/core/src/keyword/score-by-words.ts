import type { Scored } from '../similarity.ts'
import { wordsOf } from './words-of.ts'

/** A text that is compared with the words of a query. */
export interface KeyedText {
  readonly id: string
  readonly text: string
}

/** How soon further occurrences of a word in one text stop counting; the value of Lucene. */
const saturation = 1.2
/** How much a text is discounted for being longer than the others, from 0 to 1; the value of Lucene. */
const lengthDiscount = 0.75

interface Candidate {
  readonly id: string
  /** Number of words of the text. */
  readonly length: number
  /** How often each word of the query stands in the text; words that do not are absent. */
  readonly counts: ReadonlyMap<string, number>
}

function countWords(words: readonly string[], wanted: ReadonlySet<string>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) if (wanted.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/**
 * The texts that have at least one of the query's words (see `wordsOf`), with their scores by Okapi BM25 among all `texts`; in the
 * order of `texts`. A word that comes twice in the query counts once.
 *
 * For a query of words q, N texts of avgdl words on average, n(q) of which have q, and a text of dl words with q in it f(q) times:
 *
 * - score = Σ idf(q) · f(q) · (k1 + 1) / (f(q) + k1 · (1 − b + b · dl / avgdl)), with k1 = 1.2 and b = 0.75
 * - idf(q) = ln(1 + (N − n(q) + 0.5) / (n(q) + 0.5)), which is never negative
 *
 * Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3.5; the 1 in the logarithm is
 * Lucene's.
 */
export function scoreByWords(query: string, texts: Iterable<KeyedText>): Scored[] {
  const wanted = new Set(wordsOf(query))
  const candidates: Candidate[] = []
  const having = new Map<string, number>()
  let textCount = 0
  let wordCount = 0
  for (const { id, text } of texts) {
    const words = wordsOf(text)
    textCount++
    wordCount += words.length
    const counts = countWords(words, wanted)
    for (const word of counts.keys()) having.set(word, (having.get(word) ?? 0) + 1)
    if (counts.size > 0) candidates.push({ id, length: words.length, counts })
  }
  const averageLength = wordCount / textCount
  const weigh = ({ length, counts }: Candidate): number => {
    const norm = saturation * (1 - lengthDiscount + lengthDiscount * (length / averageLength))
    let score = 0
    // In the order of the query: equal texts have equal sums, to the last bit.
    for (const word of wanted) {
      const count = counts.get(word) ?? 0
      const textsWithWord = having.get(word) ?? 0
      const rarity = Math.log(1 + (textCount - textsWithWord + 0.5) / (textsWithWord + 0.5))
      score += (rarity * count * (saturation + 1)) / (count + norm)
    }
    return score
  }
  return candidates.map((candidate) => ({ id: candidate.id, score: weigh(candidate) }))
}
