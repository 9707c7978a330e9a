import { expect, test } from 'vitest'
import { consoleSteps, fencedBlocks, firstDifference } from '../src/index.ts'

const page = `# Page

\`\`\`console
$ indexer run docs   # a comment
sources  2 new
time     3.3 s · 9.2 chunks/s
$ indexer status
…
chunks       30
\`\`\`

\`\`\`text
$ not a command
\`\`\`
`

test('a session is the commands of the console blocks, each with what follows it', () => {
  expect(consoleSteps(page)).toEqual([
    { command: 'indexer run docs', expected: ['sources  2 new', 'time     3.3 s · 9.2 chunks/s'] },
    { command: 'indexer status', expected: ['…', 'chunks       30'] },
  ])
})

test('blocks have their language, their text and the line on which it begins', () => {
  expect(fencedBlocks(page).map(({ language, line }) => [language, line])).toEqual([
    ['console', 4],
    ['text', 13],
  ])
  expect(fencedBlocks(page)[1]?.text).toBe('$ not a command\n')
})

test.each([
  [
    'times, rates, scores, sizes and moments may differ',
    'time 3 s · 9 chunks/s · 0.53 · 1.2 kB',
    'time 90 ms · 1,000 chunks/s · 0.111 · 7 MB',
    undefined,
  ],
  ['an estimate is a time too', 'reused · about 1 s', 'reused · under a second', undefined],
  ['a time over a minute is one time', 'time 59.2 s', 'time 1 min 5 s', undefined],
  ['counts may not', 'chunks 3', 'chunks 4', 'chunks 3'],
  ['nothing may be missing', 'a\nb', 'a', 'b'],
  ['nothing may be added', 'a', 'a\nb', '(end of output; there is more: b)'],
  ['dots stand for any lines', '…\nb\n…', 'x\na\nb\nc', undefined],
  ['but what follows them must come', '…\nd', 'x\na', 'd'],
])('of an output %s', (_what, expected, output, difference) => {
  expect(firstDifference(expected.split('\n'), output)).toBe(difference)
})
