import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runNode } from '@quern/test-fixtures'
import { hostileCases } from './all-cases.ts'
import type { HostileOutcome } from './read-hostile-cases.ts'

// One process reads them all: it may write nothing, its threads have no network, and its memory is watched.
const script = fileURLToPath(new URL('read-hostile-cases.ts', import.meta.url))
const { stdout, stderr, exitCode } = await runNode([
  '--permission',
  '--allow-fs-read=*',
  '--allow-worker',
  '--disable-warning=SecurityWarning',
  script,
])
const outcomes = new Map(
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as HostileOutcome)
    .map((outcome) => [outcome.what, outcome]),
)

/** Beyond its limit a file may take what a busy machine takes to end a thread. */
const graceMs = 5000
const mostBytes = 1.5 * 2 ** 30

test('the process that reads the hostile files ends by itself, and prints nothing else', () => {
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(outcomes.size).toBe(hostileCases.length)
})

test.each(hostileCases)('$what: $file is $outcome', ({ what, outcome: expected, says = '' }) => {
  const outcome = outcomes.get(what) as HostileOutcome
  expect(outcome.outcome).toBe(expected)
  expect(outcome.says).toContain(says)
  expect(outcome.isNextRead).toBe(true)
  expect(outcome.milliseconds).toBeLessThan(outcome.timeoutMs + graceMs)
})

test('memory stays within its bound, whatever is read', () => {
  const peak = Math.max(...[...outcomes.values()].map(({ peakBytes }) => peakBytes))
  expect(peak).toBeLessThan(mostBytes)
})
