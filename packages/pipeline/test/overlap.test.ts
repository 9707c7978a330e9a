import { createFakeEmbedder } from '@quern/core/testing'
import type { FakeEmbedder } from '@quern/core/testing'
import { expect, test, vi } from 'vitest'
import { createBench } from './bench.ts'
import type { Bench } from './bench.ts'

/** An embedder that waits at its first text until it is let go. */
function gatedEmbedder(): {
  readonly embedder: FakeEmbedder
  readonly open: () => void
  readonly reached: Promise<void>
} {
  const gate = Promise.withResolvers<void>()
  const first = Promise.withResolvers<void>()
  const beforeText = async (): Promise<void> => {
    first.resolve()
    await gate.promise
  }
  return { embedder: createFakeEmbedder({ beforeText }), open: gate.resolve, reached: first.promise }
}

/** How many sources are loaded by the time that nothing more is, with the first text still not embedded. */
async function loadsWhileEmbedding(bench: Bench, options: Parameters<Bench['run']>[0]): Promise<number> {
  const { embedder, open, reached } = gatedEmbedder()
  const running = bench.run({ ...options, embedder })
  await reached
  let before = -1
  await vi.waitUntil(
    () => {
      const isQuiet = bench.corpus.calls.load === before
      before = bench.corpus.calls.load
      return isQuiet
    },
    { interval: 50, timeout: 10_000 },
  )
  const loads = bench.corpus.calls.load
  open()
  await running
  return loads
}

test('while a batch is embedded the next one is loaded and split, and no more', async () => {
  const files = Array.from({ length: 100 }, (_, i) => [`docs/${String(i).padStart(3, '0')}.md`, `text ${i}`] as const)
  const bench = createBench(Object.fromEntries(files))
  expect(await loadsWhileEmbedding(bench, { batchChunks: 10 })).toBe(20)
  expect(bench.corpus.calls.load).toBe(100)
})

test('what is loaded ahead is bounded in characters, too', async () => {
  // Eight million characters are a batch: with the embedded text beside the text, five of these sources.
  const line = 'x'.repeat(100_000)
  const files = Array.from({ length: 24 }, (_, i) => {
    const lines = Array.from({ length: 10 }, (_unused, j) => `${i} ${j} ${line}`)
    return [`docs/${String(i).padStart(2, '0')}.md`, lines.join('\n')] as const
  })
  const bench = createBench(Object.fromEntries(files))
  const loads = await loadsWhileEmbedding(bench, { batchChunks: 1_000_000 })
  expect(loads).toBeGreaterThanOrEqual(8)
  expect(loads).toBeLessThanOrEqual(10)
})
