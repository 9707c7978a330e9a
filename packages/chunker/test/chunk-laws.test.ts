import { chunkId, textHash, type Chunk, type Document } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createChunker } from '../src/index.ts'
import { anyDocument, anyOptions, type AnyOptions, anyStrategy, anyText } from './arbitrary-documents.ts'
import { collectChunks, documentOf } from './collect-chunks.ts'
import { countCharacters } from './token-counters.ts'

interface Split {
  readonly document: Document
  readonly text: string
  readonly options: AnyOptions
  readonly chunks: readonly Chunk[]
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Checks a law on many documents, options and token counters. */
async function holds(law: (split: Split) => void): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyDocument, anyOptions, async (document, options) => {
      law({ document, text: document.pageContent, options, chunks: await collectChunks(document, options) })
    }),
  )
}

function countNewlines(text: string, end: number): number {
  return text.slice(0, end).split('\n').length - 1
}

/** Offsets between two graphemes of a text, its ends included. */
function boundariesOf(text: string): Set<number> {
  return new Set([text.length, ...Array.from(graphemes.segment(text), ({ index }) => index)])
}

test('the content of a chunk is the slice of its document between its offsets, and is in its embedded text', async () => {
  await holds(({ text, chunks }) => {
    for (const { pageContent, embedText, metadata } of chunks) {
      expect(pageContent).toBe(text.slice(metadata.start, metadata.end))
      expect(embedText.endsWith(pageContent)).toBe(true)
      expect(pageContent.trim()).not.toBe('')
    }
  })
})

test('no embedded text has more than maxTokens tokens, or eight times as many characters', async () => {
  await holds(({ options: { maxTokens, countTokens }, chunks }) => {
    for (const { embedText, metadata } of chunks) {
      expect(metadata.tokens).toBe(countTokens(embedText))
      expect(metadata.tokens).toBeLessThanOrEqual(maxTokens)
      expect(embedText.length).toBeLessThanOrEqual(maxTokens * 8)
    }
  })
})

test('between chunks without overlap, and before and after them, is only white space', async () => {
  await holds(({ text, chunks }) => {
    let covered = 0
    for (const { metadata } of chunks) {
      expect(text.slice(covered, Math.max(covered, metadata.start)).trim()).toBe('')
      covered = metadata.end
    }
    expect(text.slice(covered).trim()).toBe('')
  })
})

test('chunks are in order and numbered from 0', async () => {
  await holds(({ chunks }) => {
    let before = { start: 0, end: 0 }
    for (const [index, { metadata }] of chunks.entries()) {
      expect(metadata.chunk).toBe(index)
      expect(metadata.start).toBeGreaterThanOrEqual(before.start)
      expect(metadata.end).toBeGreaterThan(before.end)
      before = metadata
    }
  })
})

test('chunks share text only where an overlap is asked for', async () => {
  await holds(({ options: { overlapTokens = 0 }, chunks }) => {
    const shared = chunks.filter(({ metadata }, index) => metadata.start < (chunks[index - 1]?.metadata.end ?? 0))
    expect(overlapTokens === 0 ? shared : []).toEqual([])
  })
})

test('ids are unique and made of the source, the hash of the embedded text and the ordinal among equal texts', async () => {
  await holds(({ document, chunks }) => {
    const seen = new Map<string, number>()
    for (const { id, embedText, textHash: hash } of chunks) {
      const ordinal = seen.get(embedText) ?? 0
      seen.set(embedText, ordinal + 1)
      expect(hash).toBe(textHash(embedText))
      expect(id).toBe(chunkId(document.metadata.source, hash, ordinal))
    }
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(chunks.length)
  })
})

test('lines are those on which the first and the last character stand', async () => {
  await holds(({ text, chunks }) => {
    for (const { metadata } of chunks) {
      expect(metadata.lines).toEqual({
        from: countNewlines(text, metadata.start) + 1,
        to: countNewlines(text, metadata.end - 1) + 1,
      })
    }
  })
})

test('no surrogate pair is cut', async () => {
  await holds(({ chunks }) => {
    for (const { pageContent, embedText } of chunks) {
      expect(pageContent.isWellFormed()).toBe(true)
      expect(embedText.isWellFormed()).toBe(true)
    }
  })
})

test('no grapheme that fits is cut', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, fc.integer({ min: 80, max: 300 }), anyStrategy, async (text, maxTokens, strategy) => {
      const boundaries = boundariesOf(text)
      const options = { maxTokens, strategy, countTokens: countCharacters }
      for (const { metadata } of await collectChunks(documentOf(text), options)) {
        expect(boundaries).toContain(metadata.start)
        expect(boundaries).toContain(metadata.end)
      }
    }),
  )
})

test('the same document and options give the same chunks', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anyOptions, async (text, options) => {
      const document = documentOf(text)
      expect(await collectChunks(document, options)).toEqual(await collectChunks(document, options))
      expect(createChunker(options).recipe).toBe(createChunker(options).recipe)
    }),
    { numRuns: 30 },
  )
})

test('metadata survive JSON and hold all that is known of the document', async () => {
  const known = { title: 'Guide', author: 'A. Miller', date: '2026-01-02', tags: ['a', 'b'], pageCount: 3 }
  await fc.assert(
    fc.asyncProperty(anyText, anyOptions, async (text, options) => {
      const document = documentOf(text, { ...known, language: undefined })
      for (const { metadata } of await collectChunks(document, options)) {
        expect(metadata).toMatchObject({ ...known, source: 'docs/guide.md', mediaType: 'text/markdown' })
        expect(Object.values(metadata)).not.toContain(undefined)
        expect(JSON.parse(JSON.stringify(metadata))).toStrictEqual(metadata)
      }
    }),
    { numRuns: 30 },
  )
})

test('a blank document has no chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(' ', '\n', '\t', '\u00a0', '\u3000')),
      anyOptions,
      async (units, options) => {
        expect(await collectChunks(documentOf(units.join('')), options)).toEqual([])
      },
    ),
  )
})
