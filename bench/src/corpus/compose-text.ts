import { createRandomStream } from './random-stream.ts'

const syllables = ['b', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'z', 'ch', 'st'].flatMap((start) =>
  ['a', 'e', 'i', 'o'].map((end) => start + end),
)

/** 4,096 invented words, the commonest first. */
const vocabulary = Array.from({ length: syllables.length ** 2 }, (_, index) =>
  [index % 64, Math.floor(index / 64), (index * 7) % 64]
    .slice(0, index % 3 === 0 ? 2 : 3)
    .map((syllable) => syllables[syllable] as string)
    .join(''),
)

/** A word of the language: the commonest is every sixteenth, and most are rare. */
function anyWord(random: () => number): string {
  return vocabulary[Math.floor(vocabulary.length * random() ** 3)] as string
}

/** Forty words that texts on a topic use again and again. */
export function topicWords(topic: number): string[] {
  const random = createRandomStream(7, topic)
  return Array.from({ length: 40 }, () => vocabulary[Math.floor(random() * vocabulary.length)] as string)
}

/** The words of the text that is being composed; used again and again, since a corpus is made of millions. */
const composed: string[] = []

/** A text of sentences, about 900 characters long, a third of its words from the given ones. */
export function composeText(random: () => number, words: readonly string[]): string {
  let count = 0
  for (let sentence = 0; sentence < 12; sentence++) {
    const length = 8 + Math.floor(random() * 8)
    for (let word = 1; word <= length; word++) {
      const next = random() < 1 / 3 ? (words[Math.floor(random() * words.length)] as string) : anyWord(random)
      composed[count++] = word < length ? next : `${next}.`
    }
  }
  composed.length = count
  return composed.join(' ')
}
