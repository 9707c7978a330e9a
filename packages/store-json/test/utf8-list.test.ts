import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Utf8List } from '../src/utf8-list.ts'
import { createStringFinder, createUtf8List } from '../src/utf8-list.ts'

function listOf(strings: readonly string[]): Utf8List {
  const bytes = strings.map((string) => Buffer.from(string))
  let end = 0
  return createUtf8List(
    Buffer.concat(bytes),
    Float64Array.from(bytes, ({ length }) => (end += length)),
  )
}

/** Of any length and script, many with the same end as another. */
const string = fc
  .tuple(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('', 'a', 'common end', '麦'))
  .map((parts) => parts.join(''))

test('wanted strings are found in any part of a list, be it kept as strings or as bytes', () => {
  const strings = fc.array(string, { maxLength: 40 })
  fc.assert(
    fc.property(strings, fc.array(string, { maxLength: 4 }), fc.nat(40), fc.nat(40), (all, others, from, most) => {
      const first = Math.min(from, all.length)
      const count = Math.min(most, all.length - first)
      const wanted = new Set([...all.filter((_, index) => index % 3 === 0), ...others])
      const find = createStringFinder(wanted)
      const expected = all
        .slice(first, first + count)
        .map((found, index) => ({ string: found, index }))
        .filter((found) => wanted.has(found.string))
      expect([...find({ list: all, first, count })]).toEqual(expected)
      expect([...find({ list: listOf(all), first, count })]).toEqual(expected)
    }),
  )
})

test('of a list of bytes hardly a string is made that was not wanted', () => {
  const all = Array.from({ length: 10_000 }, (_, index) => `docs/${index}.md and its chunk ${(index * 7919) % 10_007}`)
  const list = listOf(all)
  let made = 0
  const watched = Object.assign(listOf(all), { at: (index: number) => (made++, list.at(index)) })
  const find = createStringFinder(new Set([all[17] as string, all[9999] as string, 'none']))
  const found = Array.from(find({ list: watched, first: 5, count: 9995 }), ({ index }) => index)
  expect(found).toEqual([12, 9994])
  expect(made).toBeLessThan(20)
})
