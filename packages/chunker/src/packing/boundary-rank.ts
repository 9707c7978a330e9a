import { type Atom, isCode } from './find-atoms.ts'

/** What a cut costs: the lower, the better. */
const ranks = {
  section: 0.1,
  block: 2,
  sentenceAtLineEnd: 3,
  item: 3,
  line: 4,
  sentence: 6,
  word: 7,
  insideWord: 8,
  belowHeading: 20,
}

/** Rank of a cut between blocks of one section; cuts between sections are lower. */
export const lowestBlockRank = ranks.block

const sentenceEnd = /[.!?…。！？؟।]["'”’»)\]」』）]*$/
const item = /^(?:[-*+•]|\d{1,9}[.)])\s/
const indentCost = 0.1
const deepestIndent = 16

/**
 * How good a cut between two neighbouring atoms is: best before a section, the higher its heading the better; then between
 * blocks, after a line (best one that ends a sentence, or that an item of a list or a less indented line follows), after a sentence,
 * after a word, inside a word; worst below a heading. In code a blank line counts for less, the deeper the line below is indented.
 */
export function boundaryRank(text: string, before: Atom, after: Atom): number {
  if (before.kind === 'heading') return ranks.belowHeading
  if (before.section !== after.section) return ranks.section * (after.section.path.at(-1)?.level ?? 1)
  if (before.end === after.start) {
    return sentenceEnd.test(text.slice(before.end - 4, before.end)) ? ranks.sentence : ranks.insideWord
  }
  const endsSentence = sentenceEnd.test(text.slice(Math.max(before.start, before.end - 4), before.end))
  const gap = text.slice(before.end, Math.min(after.start, before.end + 256))
  const lines = gap.split('\n')
  if (lines.length === 1) return endsSentence ? ranks.sentence : ranks.word
  const indent = Math.min(deepestIndent, lines.at(-1)?.length ?? 0) * indentCost
  if (lines.length > 2) return ranks.block + (isCode(after.kind) ? indent : 0)
  const isItem = !isCode(after.kind) && item.test(text.slice(after.start, after.start + 12))
  return (isItem ? ranks.item : endsSentence ? ranks.sentenceAtLineEnd : ranks.line) + indent
}
