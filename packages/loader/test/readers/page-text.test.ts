import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinLines } from '../../src/readers/pdf/page-text.ts'
import { pdfDateToIso } from '../../src/readers/pdf/pdf-date.ts'

/** Lines of 10 points at these heights. */
function linesAt(heights: readonly (number | undefined)[], texts: readonly string[] = []) {
  return heights.map((y, index) => ({ text: texts[index] ?? `line ${index}`, y, fontSize: 10 }))
}

test('lines at the usual distance make one paragraph', () => {
  expect(joinLines(linesAt([100, 88, 76]))).toBe('line 0\nline 1\nline 2')
})

test('a paragraph ends where the distance grows, or the text goes back up', () => {
  expect(joinLines(linesAt([100, 88, 76, 50, 38]))).toBe('line 0\nline 1\nline 2\n\nline 3\nline 4')
  expect(joinLines(linesAt([100, 88, 76, 100, 88]))).toBe('line 0\nline 1\nline 2\n\nline 3\nline 4')
})

test('a paragraph ends where the font size changes', () => {
  const lines = linesAt([100, 88, 76])
  expect(joinLines([{ text: 'Heading', y: 112, fontSize: 14 }, ...lines])).toBe('Heading\n\nline 0\nline 1\nline 2')
})

test('a line with a joined word may stand for two', () => {
  expect(joinLines(linesAt([100, 88, 64, 52], ['a', 'exam\uFFFEple b', 'c', 'd']))).toBe('a\nexample b\nc\nd')
})

test('lines of unknown height make one paragraph', () => {
  expect(joinLines(linesAt([undefined, undefined, 50]))).toBe('line 0\nline 1\nline 2')
})

test('blank lines, control characters and spaces at line ends are dropped', () => {
  expect(joinLines(linesAt([100, 95, 91, 88], ['a\u0001b\u001F  ', '   ', '', '\tc\0\uFFFF']))).toBe('ab\n\tc')
})

test('dots that lead to a page number become one sign, an ellipsis stays', () => {
  const [contents, dense, ellipsis] = ['1.2. Grain . . . . . . . . . 7', 'Stone...........12', 'and so on ... or not']
  expect(joinLines(linesAt([50, 38, 26], [contents, dense, ellipsis]))).toBe(
    '1.2. Grain … 7\nStone … 12\nand so on ... or not',
  )
})

test('no line is lost, whatever the lines', () => {
  const line = fc.record({
    text: fc.string({ unit: 'grapheme' }),
    y: fc.option(fc.double(), { nil: undefined }),
    fontSize: fc.double(),
  })
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const words = lines.map(({ text }, index) => ({ ...lines[index], text: `w${index} ${text.replaceAll('w', '')}` }))
      const joined = joinLines(words.map(({ text, y, fontSize = 10 }) => ({ text, y, fontSize })))
      expect(joined.match(/w\d+/g) ?? []).toEqual(lines.map((_line, index) => `w${index}`))
      expect(joined.isWellFormed()).toBe(true)
      expect(joined).not.toMatch(/\n{3}/)
    }),
  )
})

test.each([
  ["D:20230306180657+01'00'", '2023-03-06T18:06:57+01:00'],
  ['D:20230306180657Z', '2023-03-06T18:06:57Z'],
  ["D:20230306180657Z00'00'", '2023-03-06T18:06:57Z'],
  ['D:20230306180657', '2023-03-06T18:06:57'],
  ['D:202303061806', '2023-03-06T18:06:00'],
  ["D:20230306180657-08'30", '2023-03-06T18:06:57-08:30'],
  ['D:20230306', '2023-03-06'],
  ['D:2023', '2023'],
  ['20230306', '2023-03-06'],
])('the PDF date %s is %s', (date, iso) => {
  expect(pdfDateToIso(date)).toBe(iso)
})

test.each(['', 'yesterday', 'D:', 'D:20231399', "D:20230306256099+99'99'"])('%j is no PDF date', (date) => {
  expect(pdfDateToIso(date)).toBeUndefined()
})
