import type { ChunkMetadata } from '@quern/core'
import { describe, expect, test } from 'vitest'
import { excerpt, wordMatcher } from '../../src/report/excerpt.ts'
import { citation, renderHit } from '../../src/report/search-listing.ts'
import { terminal } from './terminal.ts'

function metadataWith(metadata: Partial<ChunkMetadata>): ChunkMetadata {
  return { source: 'docs/a.md', chunk: 0, start: 0, end: 1, tokens: 3, lines: { from: 12, to: 20 }, ...metadata }
}

/** The lines of an excerpt as texts. */
function linesOf(text: string, width: number, query = ''): string[] {
  const lines = excerpt(text, { width, isMatch: wordMatcher(query) })
  return lines.map((line) => line.map((word) => (word.matches ? `[${word.text}]` : word.text)).join(' '))
}

test('a place is cited by lines, or by pages where there are any', () => {
  expect(citation(metadataWith({}))).toBe('docs/a.md:12-20')
  expect(citation(metadataWith({ lines: { from: 7, to: 7 } }))).toBe('docs/a.md:7')
  expect(citation(metadataWith({ page: 3 }))).toBe('docs/a.md page 3')
  expect(citation(metadataWith({ page: 3, pageLabel: '3' }))).toBe('docs/a.md page 3')
  expect(citation(metadataWith({ page: 5, pageLabel: 'iv' }))).toBe('docs/a.md page 5 (iv)')
  expect(citation(metadataWith({ page: 3, pageEnd: 4 }))).toBe('docs/a.md pages 3-4')
  expect(citation(metadataWith({ mediaType: 'text/html' }))).toBe('docs/a.md')
  expect(citation(metadataWith({}), '../notes/a.md')).toBe('../notes/a.md:12-20')
})

describe('an excerpt', () => {
  test('has at most three lines, none longer than the width, and says when there is more', () => {
    expect(linesOf('one  two\nthree', 80)).toEqual(['one two three'])
    const lines = linesOf('word '.repeat(100), 40)
    expect(lines).toHaveLength(3)
    expect(lines[2]).toMatch(/word …$/)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40)
    expect(linesOf('   ', 40)).toEqual([])
    expect(linesOf('x'.repeat(100), 40)).toEqual(['x'.repeat(40), 'x'.repeat(40), 'x'.repeat(20)])
    expect(linesOf('字'.repeat(1000), 40)).toEqual(['字'.repeat(40), '字'.repeat(40), `${'字'.repeat(40)} …`])
  })

  test('begins a little before the words that were asked for, where they stand further on', () => {
    const text = `${'filler '.repeat(80)}a broken archive can be repaired, bit by bit, ${'more '.repeat(80)}`
    const lines = linesOf(text, 40, 'how can I repair broken archives')
    expect(lines.join(' ')).toMatch(/^… (filler ){5}a \[broken\] archive can be \[repaired,\] bit by bit,/)
  })

  test('begins at the beginning where nothing matches, or nothing more than there', () => {
    expect(linesOf('alpha beta gamma', 40, 'delta')).toEqual(['alpha beta gamma'])
    expect(linesOf(`backup ${'filler '.repeat(80)} backup`, 40, 'backup')[0]).toMatch(/^\[backup\] filler/)
  })

  test('passes over the commonest words of a question, and takes longer forms of its words for the same', () => {
    const isMatch = wordMatcher('How is the backup restored?')
    expect(['Backups', '“backup”,', 'restored'].map((word) => isMatch(word))).toEqual([true, true, true])
    expect(['how', 'the', 'is', 'back'].map((word) => isMatch(word))).toEqual([false, false, false, false])
  })
})

describe('a hit', () => {
  const chunk = {
    metadata: metadataWith({ title: 'Guide', headings: ['Guide', 'Install'] }),
    pageContent: 'Run it twice.',
  }

  test('shows rank, score, place, title with headings, and excerpt, without colours where none are wanted', () => {
    const text = renderHit({ rank: 1, score: 0.71234, chunk }, { stream: terminal({ colors: false }), query: 'twice' })
    expect(text).toBe('1. 0.712  docs/a.md:12-20\n   Guide › Install\n   Run it twice.\n')
  })

  test('names the file where it is known, and marks the words of the question', () => {
    const stream = terminal({ colors: true })
    const text = renderHit({ rank: 2, score: 0.5, chunk, file: 'notes/a.md' }, { stream, query: 'twice' })
    expect(text).toContain('notes/a.md:12-20')
    expect(text).toContain('\u001B[1m\u001B[33mtwice.\u001B[39m\u001B[22m')
  })

  test('sends no control characters of a document to the terminal', () => {
    const hostile = {
      metadata: metadataWith({ source: 'a\u001B[2J.md', title: '\u001B]0;x\u0007' }),
      pageContent: '\u001B[31mred',
    }
    const text = renderHit({ rank: 1, score: 1, chunk: hostile }, { stream: terminal({ colors: false }), query: 'red' })
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })
})
