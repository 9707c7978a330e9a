import { sha256 } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHashList } from '../src/hash-list.ts'

const hash = fc.nat().map((number) => sha256(String(number)))

test.each([
  ['hashes as this program makes them', fc.array(hash, { maxLength: 4 })],
  ['hashes and other strings', fc.array(fc.oneof(hash, fc.string({ maxLength: 70 })), { maxLength: 4 })],
  [
    'hashes in capital letters',
    fc.array(
      hash.map((text) => text.toUpperCase()),
      { maxLength: 4 },
    ),
  ],
] as const)('a list of %s gives back what it was made from', (_, hashes) => {
  fc.assert(
    fc.property(hashes, (given) => {
      const list = createHashList(given)
      expect(list.length).toBe(given.length)
      expect([...list]).toEqual(given)
      expect(Array.from({ length: given.length + 1 }, (__, i) => list.at(i))).toEqual([...given, undefined])
    }),
  )
})

test('a list stays as it is when the array that it was made from changes', () => {
  for (const given of [[sha256('a')], ['a']]) {
    const list = createHashList(given)
    const before = [...list]
    given[0] = sha256('b')
    expect([...list]).toEqual(before)
  }
})
