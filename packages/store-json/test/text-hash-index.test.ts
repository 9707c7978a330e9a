import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SourceContent } from '../src/source-entry.ts'
import { createTextHashIndex } from '../src/text-hash-index.ts'

const hashes = ['a', 'b', 'c', 'd']
const content = fc
  .array(fc.constantFrom(...hashes), { maxLength: 5 })
  .map((textHashes): SourceContent => ({ range: undefined, textHashes, rows: undefined }))

test('a text is found in a content that holds it, and only while one does', () => {
  const steps = fc.array(fc.oneof(content, fc.nat(20)), { maxLength: 40 })
  fc.assert(
    fc.property(fc.array(content), steps, (first, list) => {
      const index = createTextHashIndex()
      const stored = [...first]
      index.find('a', () => stored)
      for (const step of list) {
        if (typeof step === 'object') {
          stored.push(step)
          index.add(step)
        } else {
          for (const gone of stored.splice(step, 1)) index.remove(gone)
        }
        for (const hash of hashes) {
          const holders = stored.filter(({ textHashes }) => [...textHashes].includes(hash))
          const found = index.find(hash, () => stored)
          expect(found === undefined ? [] : holders).toEqual(holders)
          expect(found === undefined || holders.includes(found)).toBe(true)
        }
      }
    }),
    { numRuns: 300 },
  )
})
