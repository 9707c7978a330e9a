import type { PipelineEvent } from '@quern/pipeline'
import { expect, test } from 'vitest'
import { progressLine } from '../../src/report/progress-line.ts'
import { createRunProgress } from '../../src/report/run-progress.ts'

const counts = { new: 0, changed: 0, moved: 0, deleted: 0, unchanged: 0, failed: 0 }

/** A run of 4 sources with 10 chunks each, one chunk every 100 ms, 20 tokens a chunk, of which two sources are loaded. */
function halfwayRun() {
  let time = 0
  const progress = createRunProgress(() => time)
  const send = (event: PipelineEvent): void => progress.observe(event)
  send({ type: 'sources-listed', count: 4 })
  send({ type: 'run-planned', sources: counts, toProcess: 4 })
  send({ type: 'source-loaded', source: 'docs/a.md', chunks: 10, toEmbed: 10 })
  send({ type: 'source-loaded', source: 'docs/b.md', chunks: 10, toEmbed: 10 })
  for (let embedded = 1; embedded <= 20; embedded++) {
    time += 100
    send({ type: 'chunk-embedded', source: 'docs/b.md', embedded, toEmbed: 20, tokens: embedded * 20 })
  }
  return progress
}

test('rates come from what was embedded, the rest is estimated from the sources loaded so far', () => {
  const at = halfwayRun().snapshot()
  expect(at).toMatchObject({ stage: 'embedding', loaded: 2, toProcess: 4, embedded: 20, expected: 40 })
  expect(at.chunksPerSecond).toBeCloseTo(10, 5)
  expect(at.tokensPerSecond).toBeCloseTo(200, 5)
  expect(at.remainingMs).toBeCloseTo(2000, 5)
})

test('nothing is said of the whole while few of many sources are loaded', () => {
  let time = 0
  const progress = createRunProgress(() => time)
  progress.observe({ type: 'run-planned', sources: counts, toProcess: 1000 })
  const load = (index: number, chunks: number): void =>
    progress.observe({ type: 'source-loaded', source: `docs/${index}.md`, chunks, toEmbed: chunks })
  load(0, 500)
  time += 1000
  progress.observe({ type: 'chunk-embedded', source: 'docs/0.md', embedded: 10, toEmbed: 500, tokens: 200 })
  expect(progress.snapshot()).toMatchObject({ expected: 500, remainingMs: undefined })
  for (let index = 1; index < 20; index++) load(index, 1)
  expect(progress.snapshot().expected).toBe(Math.round((519 * 1000) / 20))
  expect(progress.snapshot().remainingMs).toBeGreaterThan(0)
})

test('the line has bar, counts, rates, time left and source, and never exceeds the width', () => {
  const at = halfwayRun().snapshot()
  expect(progressLine(at, { width: 120, plain: false })).toBe(
    '████████░░░░░░░░ 2/4 sources · 20/~40 chunks · 10 chunks/s · 200 tokens/s · 2 s left · docs/b.md',
  )
  expect(progressLine(at, { width: 120, plain: true })).toMatch(/^embedding: 2\/4 sources/)
  const long = { ...at, source: `docs/${'very-'.repeat(60)}long.md` }
  for (const width of [20, 40, 60, 79, 95, 100, 120, 200]) {
    expect(progressLine(long, { width, plain: false }).length).toBeLessThanOrEqual(width)
  }
  expect(progressLine(long, { width: 120, plain: false })).toMatch(/….*long\.md$/)
  expect(progressLine(long, { width: 79, plain: false })).toMatch(/^2\/4 sources .* tokens\/s .* left$/)
  expect(progressLine(long, { width: 60, plain: false })).toMatch(/^2\/4 sources .* chunks\/s · 2 s left$/)
})

test('the stages before embedding have lines of their own', () => {
  const progress = createRunProgress(() => 0)
  const line = (): string => progressLine(progress.snapshot(), { width: 80, plain: false })
  expect(line()).toBe('listing: 0 sources')
  progress.observe({ type: 'sources-listed', count: 1500 })
  expect(line()).toBe('listing: 1,500 sources')
  progress.observe({ type: 'model-loading', model: 'm' })
  expect(line()).toBe('loading the model')
})
