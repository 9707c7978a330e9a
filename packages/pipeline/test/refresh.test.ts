import { expect, test } from 'vitest'
import type { ReusableVector } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import { planCorpus } from '../src/index.ts'
import type { IndexOptions, RunReport } from '../src/index.ts'
import { createBench, manyFiles, rejection } from './bench.ts'
import type { Bench } from './bench.ts'
import { createLineChunker } from './memory-corpus.ts'

const long = '2026-01-01T00:00:00.000Z'
const later = '2026-06-01T00:00:00.000Z'

/** Gives all vectors of some sources a time of their own. */
async function date({ store }: Bench, createdAt: string, isMeant: (id: string) => boolean): Promise<void> {
  for await (const state of store.listSources()) {
    if (!isMeant(state.id)) continue
    const chunks = await Array.fromAsync(store.getChunks({ sources: [state.id] }))
    await store.commit({ put: [{ state, chunks: chunks.map((chunk) => Object.assign({}, chunk, { createdAt })) }] })
  }
}

const files = {
  'docs/a.md': 'apple\npear',
  'docs/b.md': 'pear\nquince',
  'docs/c.md': 'fig',
  'docs/d.md': 'fig\ndate',
}

async function datedBench(): Promise<Bench> {
  const bench = createBench(files)
  await bench.run()
  await date(bench, long, (id) => id < 'docs/c')
  await date(bench, later, (id) => id >= 'docs/c')
  return bench
}

async function refresh(bench: Bench, options: Partial<IndexOptions>): Promise<[RunReport, readonly string[]]> {
  const report = await bench.run(options)
  return [report, bench.embedder().embedded.toSorted()]
}

test('texts that were embedded before the date are embedded anew, each once, and others are left alone', async () => {
  const bench = await datedBench()
  const [report, embedded] = await refresh(bench, { refreshBefore: '2026-03-01', batchChunks: 1 })
  expect(embedded).toEqual(['apple', 'pear', 'quince'])
  expect(report.sources).toMatchObject({ changed: 2, unchanged: 2, failed: 0 })
  expect(report.chunks).toMatchObject({ embedded: 3, reused: 1, written: 4, deleted: 4 })
  const [again, nothing] = await refresh(bench, { refreshBefore: '2026-03-01' })
  expect(nothing).toEqual([])
  expect(again.chunks).toMatchObject({ embedded: 0, written: 0 })
})

test('a text that stands in a new file, too, is not taken from the old vectors', async () => {
  const bench = await datedBench()
  bench.corpus.files.set('docs/e.md', 'date\nfig\napple')
  const [, embedded] = await refresh(bench, { refreshBefore: '2026-03-01', batchChunks: 1 })
  expect(embedded).toEqual(['apple', 'pear', 'quince'])
  const [, all] = await refresh(bench, { refreshBefore: '2026-07-01', batchChunks: 1 })
  expect(all).toEqual(['date', 'fig'])
})

test('interrupted, it is gone on with, and nothing is embedded twice', async () => {
  const bench = createBench(manyFiles(20))
  await bench.run()
  await date(bench, long, () => true)
  const stopping = new AbortController()
  const [first, before] = await refresh(bench, {
    refreshBefore: later,
    batchChunks: 4,
    stop: stopping.signal,
    onEvent: ({ type }) => (type === 'batch-committed' ? stopping.abort() : undefined),
  })
  expect(first.interrupted).toBe(true)
  const [, after] = await refresh(bench, { refreshBefore: later })
  expect(before.length).toBeGreaterThan(0)
  expect([...before, ...after].toSorted()).toEqual(Object.values(manyFiles(20)).toSorted())
})

/** Makes a store give the oldest of the vectors of a text, as any store may. */
function giveOldest({ store }: Bench): void {
  store.findVectors = async (textHashes) => {
    const found = new Map<string, ReusableVector>()
    for await (const { textHash, vector, createdAt } of store.getChunks()) {
      const isOlder = createdAt < (found.get(textHash)?.createdAt ?? '\uFFFF')
      if (textHashes.includes(textHash) && isOlder) found.set(textHash, { vector, createdAt })
    }
    return found
  }
}

const sharing = {
  'docs/a.md': 'apple\npear',
  'docs/b.md': 'pear\nquince',
  'docs/c.md': 'apple\nquince\nfig',
  'docs/d.md': 'fig\napple',
}

test.each([1, 2, 3])(
  'ended by a kill after %i batches, it embeds no text again that was embedded before',
  async (batches) => {
    const bench = createBench(sharing)
    await bench.run()
    await date(bench, long, () => true)
    giveOldest(bench)
    const commit = bench.store.commit.bind(bench.store)
    let commits = 0
    bench.store.commit = async (batch) => {
      // What a killed process has of a batch that is in flight, no one has.
      if (commits++ === batches) throw new Error('killed')
      await commit(batch)
    }
    const refreshBefore = later
    expect(await bench.run({ refreshBefore, batchChunks: 1 }).catch((error: Error) => error.message)).toBe('killed')
    bench.store.commit = commit
    const refreshed = new Set<string>()
    for await (const { createdAt, pageContent } of bench.store.getChunks())
      if (createdAt !== long) refreshed.add(pageContent)
    const stages = { loader: bench.corpus, chunker: createLineChunker(), embedder: createFakeEmbedder() }
    const { chunks: planned } = await planCorpus({ ...stages, store: bench.store, refreshBefore })
    const [, rest] = await refresh(bench, { refreshBefore, batchChunks: 1 })
    expect(rest).toEqual(['apple', 'fig', 'pear', 'quince'].filter((text) => !refreshed.has(text)))
    expect(planned.toEmbed).toBe(rest.length)
    for await (const { createdAt } of bench.store.getChunks()) expect(createdAt).not.toBe(long)
  },
)

test('rebuild loads everything and embeds every text anew, once', async () => {
  const bench = await datedBench()
  await bench.run()
  const [report, embedded] = await refresh(bench, { rebuild: true, batchChunks: 1 })
  expect(embedded).toEqual(['apple', 'date', 'fig', 'pear', 'quince'])
  expect(report.sources).toMatchObject({ changed: 4, unchanged: 0 })
})

test('the plan tells it, and reads no model', async () => {
  const bench = await datedBench()
  const stages = {
    loader: bench.corpus,
    chunker: createLineChunker(),
    embedder: createFakeEmbedder(),
    store: bench.store,
  }
  const { plan, sources, chunks } = await planCorpus({ ...stages, refreshBefore: '2026-03-01' })
  expect(plan.refreshed).toEqual(['docs/a.md', 'docs/b.md'])
  expect(sources).toMatchObject({ changed: 2, unchanged: 2 })
  expect(chunks).toEqual({ toEmbed: 3, reused: 1 })
  const rebuilt = await planCorpus({ ...stages, rebuild: true })
  expect(rebuilt.chunks).toEqual({ toEmbed: 5, reused: 2 })
})

test('a date that is none is refused', async () => {
  const bench = await datedBench()
  expect(await rejection(bench.run({ refreshBefore: 'yesterday' }))).toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringContaining('"yesterday"'),
  })
})
