import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import type { CommandContext } from '../../src/command-context.ts'
import type { GlobalOptions } from '../../src/global-options.ts'
import { copySummary, createCopyLine } from '../../src/report/copy-listing.ts'
import { createTaskReporter } from '../../src/report/task-reporter.ts'
import { createVerifyLine, findingLine, repairLines, verifySummary } from '../../src/report/verify-listing.ts'

const space = { model: 'm', dimensions: 2, fingerprint: 'f' }

describe('the progress of a copy', () => {
  test('tells share, counts, rate and time left', () => {
    let now = 0
    const line = createCopyLine('copying', () => now)
    expect(line({ type: 'copy-started', space, sources: 1000, chunks: 60_000 })).toBeUndefined()
    now = 2000
    expect(line({ type: 'batch-copied', source: 'a', sources: 250, chunks: 20_000 })).toBe(
      'copying: 33 % · 250/1,000 sources · 20,000/60,000 chunks · 10,000 chunks/s · 4 s left',
    )
  })

  test('does without a total where none is known, or where it was wrong', () => {
    let now = 0
    const line = createCopyLine('importing', () => now)
    line({ type: 'copy-started', space, sources: undefined, chunks: undefined })
    now = 1000
    const event = { type: 'batch-copied', source: 'a', sources: 1, chunks: 3 } as const
    expect(line(event)).toBe('importing: 1 source · 3 chunks · 3 chunks/s')
    line({ type: 'copy-started', space, sources: 1, chunks: 2 })
    expect(line(event)).toBe('importing: 1 source · 3 chunks · 3 chunks/s')
  })
})

test('a copy is summed up', () => {
  const counts = { copied: 1200, unchanged: 3, deleted: 0 }
  const report = { sources: counts, chunks: counts, durationMs: 4200, interrupted: false, changedMeanwhile: false }
  expect(copySummary(report, 'imported')).toBe(
    [
      'sources  1,200 imported · 3 unchanged · 0 deleted',
      'chunks   1,200 imported · 3 unchanged · 0 deleted',
      'time     4.2 s',
    ].join('\n'),
  )
})

test('the progress of a verification tells its stages', () => {
  const line = createVerifyLine()
  expect(line({ type: 'verify-started', sources: 10, chunks: 20 })).toBeUndefined()
  expect(line({ type: 'verify-stage', stage: 'stored' })).toBe('reading what the store keeps')
  expect(line({ type: 'sources-checked', source: 'a', sources: 4, chunks: 9 })).toBe(
    'checking: 4/10 sources · 9 chunks',
  )
  expect(line({ type: 'samples-compared', compared: 3, toCompare: 20 })).toBe('embedding: 3/20 samples')
})

test('findings and repairs are one line each, whatever a store holds', () => {
  const finding = { check: 'stored', place: 'a\u001b[2J', message: 'line\nfeed', sources: [] } as const
  expect(findingLine(finding)).toBe('fault    a\\u001b[2J: line\\u000afeed')
  expect(repairLines({ actions: ['made anew: index'], lostSources: ['docs/\n'] })).toEqual([
    'mended   made anew: index',
    'removed  docs/\\u000a',
  ])
  const report = { sources: 1, chunks: 2, samples: 0, findings: 0, durationMs: 850 }
  expect(verifySummary(report)).toBe('checked  1 source · 2 chunks · 850 ms')
})

/** What is printed of two events under these options. */
async function printed(options: GlobalOptions): Promise<[string, string]> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const context: CommandContext = { stdout, stderr, env: {}, workingFolder: '/', programName: 'indexer' }
  using reporter = createTaskReporter<{ type: string }>(options, context, ({ type }) => type)
  reporter.onEvent({ type: 'task-started' })
  reporter.onEvent({ type: 'task-finished' })
  reporter.say('said')
  stdout.end()
  stderr.end()
  return [await text(stdout), await text(stderr)]
}

describe('a task', () => {
  test('prints its events as JSON, the closing one left to the command', async () => {
    expect(await printed({ json: true })).toEqual(['{"type":"task-started"}\n', ''])
  })

  test('does not flood what is no terminal', async () => {
    expect(await printed({})).toEqual(['', 'said\n'])
  })
})
