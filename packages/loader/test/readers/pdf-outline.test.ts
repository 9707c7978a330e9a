import { expect, onTestFinished, test } from 'vitest'
import { findHeadings } from '../../src/readers/pdf/page-headings.ts'
import { createPdfReader } from '../../src/readers/pdf-reader.ts'
import { makePdf } from './make-pdf.ts'
import { readRequest } from './read-request.ts'

async function readText(pdf: Uint8Array): Promise<string> {
  const reader = createPdfReader()
  onTestFinished(() => reader[Symbol.asyncDispose]())
  return (await reader.read(readRequest(pdf))).pageContent
}

test('entries of the outline are headings where their words stand', async () => {
  const pdf = makePdf({
    pages: [{ lines: ['1. Mills', 'A mill grinds.'] }, { lines: ['More of it.', 'Stones', 'They wear.'] }],
    outline: [
      { title: 'Mills', page: 0 },
      { title: 'Stones', page: 1 },
      { title: 'Elsewhere', page: 1 },
    ],
  })
  expect(await readText(pdf)).toBe('# 1. Mills\n\nA mill grinds.\n\nMore of it.\n\n# Stones\n\nThey wear.')
})

test('an outline that runs in a circle ends', async () => {
  const text = Buffer.from(
    makePdf({
      pages: [{ lines: ['A'] }],
      outline: [
        { title: 'A', page: 0 },
        { title: 'B', page: 0 },
      ],
    }),
  )
  const looped = text.toString('latin1').replace('/Title(B)/Parent', '/Title(B)/Next 8 0 R/Parent')
  expect(await readText(Buffer.from(looped, 'latin1'))).toBe('# A')
})

test.each([
  [['Chapter 2', 'The Upper', 'Stone'], 'Chapter 2 The Upper Stone', [{ from: 0, to: 3, level: 1 }]],
  [['2.1 Dressing'], 'Dressing', [{ from: 0, to: 1, level: 1 }]],
  [['Dressing'], '2.1 Dressing', [{ from: 0, to: 1, level: 1 }]],
  [['Dressing the stone'], 'Dressing', []],
  [[], 'Dressing', []],
])('of the lines %j the heading %j is %j', (lines, title, headings) => {
  expect(findHeadings(lines, [{ title, level: 1 }])).toEqual(headings)
})
