import { type TextRange, trimRange } from '../text/text-range.ts'

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

/** The sentences of a range (Unicode Standard Annex 29), without the white space around them. */
export function splitSentences(text: string, { start, end }: TextRange): TextRange[] {
  const sentences: TextRange[] = []
  for (const { index, segment } of segmenter.segment(text.slice(start, end))) {
    const sentence = trimRange(text, { start: start + index, end: start + index + segment.length })
    if (sentence !== undefined) sentences.push(sentence)
  }
  return sentences
}
