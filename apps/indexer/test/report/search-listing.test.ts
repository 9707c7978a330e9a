import type { Chunk, ChunkMetadata } from '@quern/core'
import { expect, test } from 'vitest'
import { citation, excerpt, renderHit } from '../../src/report/search-listing.ts'

function chunkWith(metadata: Partial<ChunkMetadata>, pageContent = 'Some text.'): Chunk {
  return {
    id: 'id',
    pageContent,
    embedText: pageContent,
    textHash: 'hash',
    metadata: { source: 'docs/a.md', chunk: 0, start: 0, end: 1, tokens: 3, lines: { from: 12, to: 20 }, ...metadata },
  }
}

test('a place is cited by lines, or by pages where there are any', () => {
  expect(citation(chunkWith({}))).toBe('docs/a.md:12-20')
  expect(citation(chunkWith({ lines: { from: 7, to: 7 } }))).toBe('docs/a.md:7')
  expect(citation(chunkWith({ page: 3 }))).toBe('docs/a.md page 3')
  expect(citation(chunkWith({ page: 3, pageLabel: '3' }))).toBe('docs/a.md page 3')
  expect(citation(chunkWith({ page: 5, pageLabel: 'iv' }))).toBe('docs/a.md page 5 (iv)')
  expect(citation(chunkWith({ page: 3, pageEnd: 4 }))).toBe('docs/a.md pages 3-4')
  expect(citation(chunkWith({ mediaType: 'text/html' }))).toBe('docs/a.md')
})

test('an excerpt has at most three lines and says when there is more', () => {
  expect(excerpt('one  two\nthree', 80)).toEqual(['one two three'])
  const lines = excerpt('word '.repeat(100), 40)
  expect(lines).toHaveLength(3)
  expect(lines[2]).toMatch(/…$/)
  expect(excerpt('   ', 40)).toEqual([])
  expect(excerpt('x'.repeat(100), 40)).toEqual(['x'.repeat(40), 'x'.repeat(40), 'x'.repeat(20)])
  expect(excerpt('字'.repeat(1000), 40)).toEqual(['字'.repeat(40), '字'.repeat(40), `${'字'.repeat(40)} …`])
})

test('a hit shows rank, score, place, title with headings, and excerpt', () => {
  const chunk = chunkWith({ title: 'Guide', headings: ['Guide', 'Install'] }, 'Run it.')
  const text = renderHit({ rank: 1, score: 0.71234, chunk }, process.stdout)
  expect(text.replaceAll(new RegExp(`${String.fromCodePoint(27)}\\[\\d+m`, 'g'), '')).toBe(
    '1. 0.712  docs/a.md:12-20\n   Guide › Install\n   Run it.\n',
  )
})
