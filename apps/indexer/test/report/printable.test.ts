import { expect, test } from 'vitest'
import { printable } from '../../src/report/printable.ts'

test('what a terminal would obey is written out, everything else stays', () => {
  expect(printable('penguin \u001b]0;owned\u0007')).toBe(String.raw`penguin \u001b]0;owned\u0007`)
  expect(printable('two\nlines\ttab \u009b31m')).toBe(String.raw`two\u000alines\u0009tab \u009b31m`)
  expect(printable('\u202egnp.exe')).toBe(String.raw`\u202egnp.exe`)
  expect(printable('Grüße, 世界 👩‍👩‍👧 \u200f')).toBe('Grüße, 世界 👩‍👩‍👧 \u200f')
})
