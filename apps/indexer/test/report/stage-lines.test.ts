import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createLiveReporter } from '../../src/report/live-reporter.ts'
import type { ProgressSnapshot } from '../../src/report/run-progress.ts'
import { stageLines } from '../../src/report/stage-lines.ts'
import { terminal } from './terminal.ts'

const at: ProgressSnapshot = {
  stage: 'embedding',
  listed: 1600,
  toProcess: 400,
  loaded: 200,
  embedded: 500,
  committed: 100,
  expected: 2000,
  chunksPerSecond: 14.2,
  tokensPerSecond: 3911,
  remainingMs: 105_000,
  source: 'docs/guide/install.md',
}
const plain = { paint: (bar: string): string => bar }

test('each stage has a line with bar and counts, the last line rates, time left and source', () => {
  expect(stageLines(at, { width: 79, ...plain })).toEqual([
    'list  ████████████ 1,600 sources',
    'load  ██████░░░░░░ 200/400 sources',
    'embed ███░░░░░░░░░ 500/~2,000 chunks',
    'store ███░░░░░░░░░ 100/400 sources',
    '      14 chunks/s · 3,911 tokens/s · 1 min 45 s left · docs/guide/install.md',
  ])
})

test('no line is longer than the width, and a long path shows its end', () => {
  const long = { ...at, source: `docs/${'very-'.repeat(60)}long.md` }
  for (const width of [5, 10, 20, 40, 60, 79, 99, 100, 199]) {
    for (const line of stageLines(long, { width, ...plain })) expect(line.length).toBeLessThanOrEqual(width)
  }
  expect(stageLines(long, { width: 79, ...plain }).at(-1)).toMatch(/left · ….*long\.md$/)
  expect(stageLines(at, { width: 199, ...plain })[2]).toBe(`embed ${'█'.repeat(6)}${'░'.repeat(18)} 500/~2,000 chunks`)
})

test('before there is a plan only the listing shows, then the model, then a finished run is full', () => {
  expect(stageLines({ ...at, stage: 'listing' }, { width: 79, ...plain })).toEqual(['list  1,600 sources'])
  const loading = stageLines({ ...at, stage: 'loading the model' }, { width: 79, ...plain })
  expect(loading.at(-1)).toBe('      loading the model')
  const done = { ...at, stage: 'done', loaded: 400, embedded: 2000, committed: 400, remainingMs: 0 } as const
  for (const line of stageLines(done, { width: 79, ...plain }).slice(0, 4)) expect(line).not.toContain('░')
})

test('on a terminal the stages are drawn and taken away again; failures stay', async () => {
  const stderr = terminal({ colors: true, columns: 80, rows: 24 })
  {
    using reporter = createLiveReporter(stderr, { quiet: false, verbose: false })
    reporter.onEvent({ type: 'sources-listed', count: 3 })
    reporter.onEvent({ type: 'source-failed', source: 'a.pdf', code: 'CORRUPT', message: 'a.pdf: it is cut off' })
    await delay(250)
  }
  expect(stderr.written()).toContain('failed: a.pdf: it is cut off\n')
  expect(stderr.written()).toContain('list  3 sources')
  expect(stderr.written().lastIndexOf('\u001B[2K')).toBeGreaterThan(stderr.written().lastIndexOf('list  3 sources'))
})

test('a terminal that is very low has one line', async () => {
  const stderr = terminal({ colors: true, columns: 80, rows: 5 })
  using reporter = createLiveReporter(stderr, { quiet: false, verbose: false })
  reporter.onEvent({ type: 'sources-listed', count: 3 })
  await delay(250)
  expect(stderr.written()).toContain('listing: 3 sources')
})
