import type { Segment } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collectChunks, documentOf } from './collect-chunks.ts'
import { paragraph } from './sample-texts.ts'
import { countWordPieces } from './token-counters.ts'

const options = { maxTokens: 256, targetTokens: 150, countTokens: countWordPieces }

/** Pages joined by blank lines that belong to none. */
function paged(pages: readonly string[]): { text: string; segments: Segment[] } {
  let text = ''
  const segments = pages.map((page, index) => {
    const start = text.length
    text += `${page}\n\n`
    return { start, end: start + page.length, page: index + 1, pageLabel: `A-${index + 1}` }
  })
  return { text, segments }
}

test('a chunk has the page on which it starts, its printed number, and the last page where that is another', async () => {
  const pages = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(pages, async (sizes) => {
      const { text, segments } = paged(sizes.map((size, page) => (size === 0 ? 'x' : paragraph(page).repeat(size))))
      const document = { ...documentOf(text, { mediaType: 'application/pdf' }), segments }
      for (const { metadata } of await collectChunks(document, options)) {
        const shared = segments.filter(({ start, end }) => start < metadata.end && end > metadata.start)
        const last = shared.at(-1)?.page
        expect(metadata.page).toBe(shared[0]?.page)
        expect(metadata.pageLabel).toBe(shared[0]?.pageLabel)
        expect(metadata.pageEnd).toBe(last === shared[0]?.page ? undefined : last)
      }
    }),
  )
})

test('sheets, records and times are those of the first segment', async () => {
  const segments = [
    { start: 0, end: 5, sheet: 'Prices', record: '7', time: '00:01:00' },
    { start: 6, end: 11, sheet: 'Costs' },
  ]
  const [chunk] = await collectChunks({ ...documentOf('bread\nflour'), segments }, options)
  expect(chunk?.metadata).toMatchObject({ sheet: 'Prices', record: '7', time: '00:01:00' })
})

test('text between segments has no page', async () => {
  const segments = [{ start: 0, end: 1, page: 1 }]
  const chunks = await collectChunks({ ...documentOf('\n\nbread'), segments }, options)
  expect(chunks.map(({ metadata }) => 'page' in metadata)).toEqual([false])
})

test('lines are counted from the first line of the document in its source', async () => {
  const text = `${paragraph(1)}\n\n${paragraph(2)}\n`
  const atTop = await collectChunks(documentOf(text), { ...options, targetTokens: 20 })
  const lower = await collectChunks({ ...documentOf(text), firstLine: 7 }, { ...options, targetTokens: 20 })
  expect(lower.map(({ metadata }) => metadata.lines)).toEqual(
    atTop.map(({ metadata: { lines } }) => ({ from: lines.from + 6, to: lines.to + 6 })),
  )
  expect(lower.map(({ id }) => id)).toEqual(atTop.map(({ id }) => id))
})
