import fc from 'fast-check'
import { expect, test } from 'vitest'
import { windowEnd } from '../src/splitting/window-end.ts'
import { longestGrapheme } from '../src/text/graphemes.ts'
import { anyText } from './arbitrary-documents.ts'

/** Where the windows of a text end. */
function windowsOf(text: string, longest: number, isCode: boolean): number[] {
  const ends: number[] = []
  for (let start = 0; start < text.length; start = ends.at(-1) ?? text.length) {
    ends.push(windowEnd(text, { start, end: text.length }, { longest, isCode }))
  }
  return ends
}

test('a window has from half to one and a half times the characters that are asked for, so no small rest remains', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 200, max: 900 }), fc.boolean(), (text, longest, isCode) => {
      const ends = windowsOf(text, longest, isCode)
      expect(ends.at(-1) ?? 0).toBe(text.length)
      const lengths = ends.map((end, index) => end - (ends[index - 1] ?? 0))
      expect(Math.max(0, ...lengths)).toBeLessThanOrEqual(longest * 1.5)
      const least = lengths.length > 1 ? Math.min(...lengths) : longest
      expect(least).toBeGreaterThanOrEqual(Math.floor(longest / 2) - longestGrapheme)
    }),
  )
})

test('a window ends after the last line end, or the last sentence, of its second half; of code, above a declaration', () => {
  const longest = 100
  const filler = 'x'.repeat(60)
  const endOf = (text: string, isCode = false): string => {
    const whole = text.padEnd(400, 'y')
    return whole.slice(0, windowEnd(whole, { start: 0, end: whole.length }, { longest, isCode }))
  }
  expect(endOf(`${filler}. One.\nTwo. `)).toBe(`${filler}. One.\n`)
  expect(endOf(`${filler}. One. Two. `)).toBe(`${filler}. One. Two. `)
  expect(endOf(`${filler}石臼。麦。`)).toBe(`${filler}石臼。麦。`)
  expect(endOf(`${filler}\n\nint b;\n  c\n`, true)).toBe(`${filler}\n\n`)
})
