import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordsOf } from '@quern/core'

test.each([
  ['Bread, and FLOUR!', ['bread', 'and', 'flour']],
  ['snake_case kebab-case it’s', ['snake', 'case', 'kebab', 'case', 'it', 's']],
  ['v8 2nd 3.14', ['v8', '2nd', '3', '14']],
  ['ÉCOLE Москва ΑΘΗΝΑ', ['école', 'москва', 'αθηνα']],
  ['e\u0301cole ﬁn ²', ['école', 'fin', '2']],
  ['हिन्दी 日本語 ١٢٣', ['हिन्दी', '日本語', '١٢٣']],
  ['\u0301 😀 -- "*" \u0000', []],
  ['', []],
])('the words of %j are %j', (text, words) => {
  expect(wordsOf(text)).toEqual(words)
})

test('words are words again, alone and joined, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const words = wordsOf(text)
      expect(wordsOf(words.join(' '))).toEqual(words)
    }),
  )
})
