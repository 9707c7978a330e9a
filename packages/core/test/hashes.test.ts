import { chunkId, hashParts, sha256, textHash } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('a SHA-256 is that of the standard, in lower-case hex', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('a text has the hash of its UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(sha256(text)).toBe(sha256(new TextEncoder().encode(text)))
      expect(textHash(text)).toBe(sha256(text))
    }),
  )
})

test('no two lists of parts have the same hash, wherever they are cut', () => {
  expect(hashParts('ab', 'c')).not.toBe(hashParts('a', 'bc'))
  expect(hashParts('')).not.toBe(hashParts())
  const parts = fc.array(fc.string({ unit: fc.constantFrom('1', ':', 'a', 'é'), maxLength: 4 }), { maxLength: 4 })
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      expect(hashParts(...a) === hashParts(...b)).toBe(JSON.stringify(a) === JSON.stringify(b))
    }),
    { numRuns: 1000 },
  )
})

test('the id of a chunk depends on source, text and ordinal, and on each of them', () => {
  const id = chunkId('docs/a.md', textHash('text'), 0)
  expect(id).toMatch(/^[0-9a-f]{64}$/)
  expect(chunkId('docs/a.md', textHash('text'), 0)).toBe(id)
  const others = [
    chunkId('docs/b.md', textHash('text'), 0),
    chunkId('docs/a.md', textHash('other'), 0),
    chunkId('docs/a.md', textHash('text'), 1),
  ]
  expect(new Set([id, ...others]).size).toBe(4)
})

test('the ids and hashes of stored chunks never change', () => {
  expect(hashParts('a', 'bc')).toBe(sha256('1:a2:bc'))
  expect(hashParts('é')).toBe(sha256('2:é'))
  expect(chunkId('docs/a.md', textHash('text'), 0)).toBe(sha256(`9:docs/a.md64:${sha256('text')}1:0`))
})
