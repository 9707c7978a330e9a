import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scoreByWords } from '../../src/keyword/score-by-words.ts'

function scores(query: string, ...texts: string[]): Record<string, number> {
  const keyed = texts.map((text, index) => ({ id: String(index), text }))
  return Object.fromEntries(scoreByWords(query, keyed).map(({ id, score }) => [id, score]))
}

/** What the length of a text of two words on average comes to in the formula. */
function norm(length: number): number {
  return 1.2 * (0.25 + (0.75 * length) / 2)
}

test('scores by the formula', () => {
  // 3 texts of 4, 1 and 1 words, 2 on average; "mill" is in 2 of them, "bread" in 1.
  const mill = Math.log(1 + 1.5 / 2.5)
  const bread = Math.log(1 + 2.5 / 1.5)
  const got = scores('Mill bread mill', 'mill mill bread sea', 'mill', 'ship')
  expect(Object.keys(got)).toEqual(['0', '1'])
  expect(got['0']).toBeCloseTo((mill * 2 * 2.2) / (2 + norm(4)) + (bread * 2.2) / (1 + norm(4)), 12)
  expect(got['1']).toBeCloseTo((mill * 2.2) / (1 + norm(1)), 12)
})

test.each<[string, string, string[]]>([
  ['has more of the words', 'bread mill', ['bread mill sea', 'bread ship sea', 'mill sand sea', 'sand sand sand']],
  ['has the rarer word', 'bread mill', ['bread sea', 'mill sea', 'mill sand', 'mill ship']],
  ['has the word more often', 'mill', ['mill mill sea', 'mill sand sea', 'sand sand sand']],
  ['is shorter', 'mill', ['mill', 'mill sea', 'sand sand']],
])('a text that %s scores higher', (_, query, texts) => {
  const got = scores(query, ...texts)
  expect(Object.keys(got).length).toBeGreaterThan(1)
  for (const [id, score] of Object.entries(got)) expect(id === '0' ? score : -score).toBeGreaterThan(-(got['0'] ?? 0))
})

test('texts without the words, or no texts, have no scores; nor has a query without words', () => {
  expect(scores('mill', 'bread', '')).toEqual({})
  expect(scores('mill')).toEqual({})
  expect(scores('"*"', 'mill "*"')).toEqual({})
})

test('exactly the texts with a word of the query have a score, a positive one; equal texts have equal ones', () => {
  const words = fc.array(fc.constantFrom('mill', 'bread', 'sea', 'Ship', 'SAND'), { maxLength: 6 })
  fc.assert(
    fc.property(words, fc.array(words, { maxLength: 12 }), (query, texts) => {
      const got = scores(query.join(' '), ...texts.map((text) => text.join(' ')))
      const expected = texts.flatMap((text, i) => (text.some((word) => query.includes(word)) ? [String(i)] : []))
      expect(Object.keys(got)).toEqual(expected)
      for (const score of Object.values(got)) expect(score).toBeGreaterThan(0)
      const bagOf = (id: string): string => JSON.stringify(texts[Number(id)]?.toSorted())
      const distinct = new Set(Object.entries(got).map(([id, score]) => `${bagOf(id)} ${score}`))
      expect(distinct.size).toBe(new Set(Object.keys(got).map(bagOf)).size)
    }),
  )
})
