const nouns = [
  'mill',
  'stone',
  'grain',
  'river',
  'sack',
  'baker',
  'wheel',
  'field',
  'winter',
  'bread',
  'ladder',
  'roof',
]
const verbs = ['turns', 'carries', 'keeps', 'finds', 'breaks', 'feeds', 'moves', 'warms', 'covers', 'follows']

function scatter(seed: number): number {
  return Math.imul(seed, 2_654_435_761) >>> 16
}

function pick(words: readonly string[], seed: number): string {
  return words[scatter(seed) % words.length] as string
}

/** A sentence; another number gives another sentence. */
export function sentence(number: number): string {
  const [subject, verb, object] = [pick(nouns, number), pick(verbs, number * 7 + 3), pick(nouns, number * 13 + 5)]
  return `The ${subject} ${verb} the ${object} on day ${number}, before the others wake.`
}

/** A paragraph of three to nine sentences. */
export function paragraph(number: number): string {
  const length = 3 + (scatter(number) % 7)
  return Array.from({ length }, (_, index) => sentence(number * 10 + index)).join(' ')
}

/** A Markdown document with a heading above every four paragraphs. */
export function markdownOf(paragraphs: number): string {
  const parts = Array.from({ length: paragraphs }, (_, index) =>
    index % 4 === 0 ? `${index % 16 === 0 ? '#' : '##'} Part ${index}\n\n${paragraph(index)}` : paragraph(index),
  )
  return parts.join('\n\n')
}

/** Paragraphs, each on one line, with blank lines between. */
export function proseOf(paragraphs: number): string {
  return Array.from({ length: paragraphs }, (_, index) => paragraph(index)).join('\n\n')
}

/** Log lines without a blank line. */
export function logOf(lines: number): string {
  return Array.from({ length: lines }, (_, index) => `2026-01-02T03:04:${index} INFO ${sentence(index)}`).join('\n')
}
