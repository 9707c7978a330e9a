import fc from 'fast-check'
import { expect, test } from 'vitest'
import { locatePieces } from '../src/splitting/locate-pieces.ts'
import { lineSeparators, wordSeparators } from '../src/splitting/separators.ts'
import { returnMarks, splitRecursively } from '../src/splitting/split-recursively.ts'
import { anyText } from './arbitrary-documents.ts'

test('the pieces are in order, with only white space between them, and cut no surrogate pair', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, fc.integer({ min: 1, max: 200_000 }), async (text, limit) => {
      let end = 0
      for (const range of await splitRecursively(text, limit, [...lineSeparators, ...wordSeparators])) {
        expect(text.slice(end, range.start).trim()).toBe('')
        expect(text.slice(range.start, range.end).isWellFormed()).toBe(true)
        end = range.end
      }
      expect(text.slice(end).trim()).toBe('')
    }),
  )
})

test('a long word after the last separator stays whole', async () => {
  const word = '😀'.repeat(100)
  expect(await splitRecursively(`a ${word}`, 2000, wordSeparators)).toEqual([
    { start: 0, end: 1 },
    { start: 2, end: 202 },
  ])
})

test('repeated pieces are found one after the other', () => {
  expect(locatePieces('ab ab\n\nab', ['ab', 'ab', 'ab'])).toEqual([
    { start: 0, end: 2 },
    { start: 3, end: 5 },
    { start: 7, end: 9 },
  ])
})

test('marks that end a sentence stay with it', () => {
  const text = '“One.” Two'
  expect(returnMarks(text, locatePieces(text, ['“One', '.” Two']))).toEqual([
    { start: 0, end: 6 },
    { start: 7, end: 10 },
  ])
})
