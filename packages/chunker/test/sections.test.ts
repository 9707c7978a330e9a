import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findSections } from '../src/structure/find-sections.ts'
import { emptyCarry, type Section } from '../src/structure/section.ts'
import type { TextSyntax } from '../src/structure/text-syntax.ts'
import { createPause } from '../src/text/pause.ts'
import { anyText } from './arbitrary-documents.ts'

async function sectionsOf(text: string, syntax: TextSyntax, parts: readonly number[] = []): Promise<Section[]> {
  const options = { syntax, parts, language: '', carry: emptyCarry(), pause: createPause() }
  return Array.fromAsync(findSections(text, options))
}

const anySyntax = fc.constantFrom<TextSyntax[]>('markdown', 'rendered', 'none', 'code')

test('blocks are in order and disjoint, and only white space stands between them', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anySyntax, fc.array(fc.nat(2000)), async (text, syntax, offsets) => {
      const parts = [...new Set(offsets)].filter((at) => at > 0 && at < text.length).toSorted((a, b) => a - b)
      let end = 0
      for (const { blocks } of await sectionsOf(text, syntax, parts)) {
        for (const block of blocks) {
          expect(text.slice(end, block.start).trim()).toBe('')
          expect(block.start).toBeGreaterThanOrEqual(end)
          expect(text.slice(block.start, block.end)).toBe(text.slice(block.start, block.end).trim())
          end = block.end
        }
      }
      expect(text.slice(end).trim()).toBe('')
    }),
  )
})

test('no block reaches from one part into the next', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anySyntax, fc.array(fc.nat(2000)), async (text, syntax, offsets) => {
      const parts = [...new Set(offsets)].filter((at) => at > 0 && at < text.length).toSorted((a, b) => a - b)
      for (const { blocks, part } of await sectionsOf(text, syntax, parts)) {
        for (const { start, end } of blocks) {
          expect(start).toBeGreaterThanOrEqual(parts[part - 1] ?? 0)
          expect(end).toBeLessThanOrEqual(parts[part] ?? text.length)
        }
      }
    }),
  )
})

test('blocks are told apart: headings, tables with their heads, fences with their languages, lists, paragraphs', async () => {
  const text = 'Intro\n\n# A\n- one\n- two\n\na | b\n:-:|---\n1 | 2\n```Py {.x}\ncode\n```\n~~~\nrest'
  const blocks = (await sectionsOf(text, 'markdown')).flatMap((section) => section.blocks)
  expect(blocks.map(({ kind, start, end }) => [kind, text.slice(start, end)])).toEqual([
    ['text', 'Intro'],
    ['heading', '# A'],
    ['text', '- one\n- two'],
    ['table', 'a | b\n:-:|---\n1 | 2'],
    ['fence', '```Py {.x}\ncode\n```'],
    ['fence', '~~~\nrest'],
  ])
  expect(blocks.map(({ head }) => head?.text).filter((head) => head !== undefined)).toEqual(['a | b\n:-:|---'])
  expect(blocks.map(({ language }) => language).filter((language) => language !== undefined)).toEqual(['py'])
})
