import { QuernError } from '@quern/core'
import type { VectorStore } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import type { FakeEmbedder } from '@quern/core/testing'
import { expect, test } from 'vitest'
import { createBench, manyFiles, rejection, texts } from './bench.ts'
import type { Bench } from './bench.ts'
import { failingAt } from './failing-embedder.ts'
import { createLineChunker } from './memory-corpus.ts'

test('indexes every source and reports what it did', async () => {
  const bench = createBench({ 'docs/a.md': 'alpha\nbeta', 'docs/b.md': 'gamma', 'docs/empty.md': '' })
  const report = await bench.run()
  expect(report.sources).toEqual({ new: 3, changed: 0, moved: 0, deleted: 0, unchanged: 0, failed: 0 })
  expect(report.chunks).toEqual({ embedded: 3, reused: 0, written: 3, deleted: 0 })
  expect(report.tokens).toBe(9)
  expect(report.interrupted).toBe(false)
  expect(await texts(bench.store)).toEqual(['docs/a.md: alpha', 'docs/a.md: beta', 'docs/b.md: gamma'])
})

test('does nothing at all when nothing changed: no load, no model, no commit', async () => {
  const bench = createBench({ 'docs/a.md': 'alpha', 'docs/empty.md': '' })
  await bench.run()
  const loads = bench.corpus.calls.load
  const { updatedAt } = await bench.store.stats()
  const commits: unknown[] = []
  const store: VectorStore = Object.create(bench.store, {
    commit: { value: async (batch: unknown) => void commits.push(batch) },
  })
  for (const name of ['listSources', 'stats', 'findVectors'] as const) {
    Object.defineProperty(store, name, { value: bench.store[name].bind(bench.store) })
  }
  const report = await bench.run({ store })
  expect(report.sources.unchanged).toBe(2)
  expect(report.chunks).toEqual({ embedded: 0, reused: 0, written: 0, deleted: 0 })
  expect(bench.corpus.calls).toEqual({ load: loads, hash: 0 })
  expect(bench.embedder().loads).toBe(0)
  expect(commits).toEqual([])
  expect((await bench.store.stats()).updatedAt).toBe(updatedAt)
})

test('embeds only the changed chunk of a changed source', async () => {
  const bench = createBench({ 'docs/a.md': 'one\ntwo\nthree' })
  await bench.run()
  bench.corpus.files.set('docs/a.md', 'zero\none\nTWO\nthree')
  const report = await bench.run()
  expect(bench.embedder().embedded).toEqual(['zero', 'TWO'])
  expect(report.sources).toMatchObject({ changed: 1, new: 0 })
  expect(report.chunks).toEqual({ embedded: 2, reused: 2, written: 4, deleted: 3 })
})

test('embeds nothing for a rename, a copy or a re-split into the same texts', async () => {
  const bench = createBench({ 'docs/a.md': 'one\ntwo', 'docs/b.md': 'three' })
  await bench.run()
  bench.corpus.files.delete('docs/a.md')
  bench.corpus.files.set('docs/renamed.md', 'one\ntwo')
  bench.corpus.files.set('docs/copy.md', 'three')
  const report = await bench.run()
  expect(bench.embedder().embedded).toEqual([])
  expect(report.sources).toEqual({ new: 1, changed: 0, moved: 1, deleted: 0, unchanged: 1, failed: 0 })
  expect(await texts(bench.store)).toEqual([
    'docs/b.md: three',
    'docs/copy.md: three',
    'docs/renamed.md: one',
    'docs/renamed.md: two',
  ])
})

test('embeds equal texts of one run once, across sources and batches', async () => {
  const bench = createBench(
    Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`docs/${i}.md`, `same\nown ${i}\nsame`])),
  )
  const report = await bench.run({ batchSeconds: 1e-9 })
  expect(bench.embedder().embedded).toHaveLength(201)
  expect(new Set(bench.embedder().embedded).size).toBe(201)
  expect(report.chunks).toEqual({ embedded: 201, reused: 399, written: 600, deleted: 0 })
})

test('keeps the time of a reused vector', async () => {
  const bench = createBench({ 'docs/a.md': 'one' })
  await bench.run()
  const [before] = await Array.fromAsync(bench.store.getChunks())
  bench.corpus.files.set('docs/a.md', 'one\ntwo')
  await bench.run()
  const [after] = await Array.fromAsync(bench.store.getChunks({ ids: [before?.id ?? ''] }))
  expect(after?.createdAt).toBe(before?.createdAt)
})

test('splits again under a new recipe and takes the vectors of texts that come out the same', async () => {
  const bench = createBench({ 'docs/a.md': 'one\ntwo' })
  await bench.run()
  const report = await bench.run({ chunker: createLineChunker('lines-2') })
  expect(report.sources.changed).toBe(1)
  expect(bench.embedder().embedded).toEqual(['lines-2: one', 'lines-2: two'])
  const back = await bench.run({ chunker: { ...createLineChunker('lines-2'), recipe: 'lines-3' } })
  expect(back.chunks).toMatchObject({ embedded: 0, reused: 2 })
})

test('writes only the new time of a file that was touched, and hashes it once', async () => {
  const bench = createBench({ 'docs/a.md': 'one' })
  await bench.run()
  bench.corpus.times.set('docs/a.md', '2026-01-02T00:00:00.000000001Z')
  const report = await bench.run()
  expect(report.sources).toMatchObject({ unchanged: 1, changed: 0 })
  expect(bench.embedder().loads).toBe(0)
  expect(bench.corpus.calls).toEqual({ load: 1, hash: 1 })
  await bench.run()
  expect(bench.corpus.calls.hash).toBe(1)
})

test('sees a change that kept size and time only with checksum', async () => {
  const bench = createBench({ 'docs/a.md': 'one' })
  await bench.run()
  bench.corpus.files.set('docs/a.md', 'two')
  expect((await bench.run()).sources.changed).toBe(0)
  expect((await bench.run({ checksum: true })).sources.changed).toBe(1)
})

test('compares the content of a file that was modified just before it was observed', async () => {
  const bench = createBench({ 'docs/a.md': 'one' })
  bench.corpus.times.set('docs/a.md', '2026-02-01T00:00:00.000000000Z')
  await bench.run()
  bench.corpus.files.set('docs/a.md', 'two')
  expect((await bench.run()).sources.changed).toBe(1)
})

test('retires what is gone and nothing that could not be seen', async () => {
  const bench = createBench({
    'docs/a.md': 'a',
    'docs/b.md': 'b',
    'docs/locked/c.md': 'c',
    'docs/d.md': 'd',
    'docs/e.md': 'e',
  })
  await bench.run()
  for (const id of ['docs/a.md', 'docs/locked/c.md', 'docs/d.md']) bench.corpus.files.delete(id)
  bench.corpus.skips.set('docs/locked', 'UNREADABLE')
  bench.corpus.skips.set('docs/d.md', 'TOO_LARGE')
  const report = await bench.run()
  expect(report.sources).toMatchObject({ deleted: 1, failed: 2 })
  expect(await texts(bench.store)).toEqual(['docs/b.md: b', 'docs/d.md: d', 'docs/e.md: e', 'docs/locked/c.md: c'])
})

test('leaves sources alone that the loader does not cover', async () => {
  const bench = createBench({ 'docs/a.md': 'a', 'other/b.md': 'b' })
  await bench.run()
  bench.corpus.files.delete('other/b.md')
  expect((await bench.run()).sources.deleted).toBe(0)
})

test('deletes nothing when the listing fails half-way', async () => {
  const bench = createBench({ 'docs/a.md': 'a', 'docs/b.md': 'b' })
  await bench.run()
  bench.corpus.files.delete('docs/a.md')
  bench.corpus.listingError = new QuernError('ROOT_UNREADABLE', 'the disk went away')
  expect((await rejection(bench.run())).code).toBe('ROOT_UNREADABLE')
  expect(await texts(bench.store)).toEqual(['docs/a.md: a', 'docs/b.md: b'])
})

test('keeps everything with deleteMissing: false', async () => {
  const bench = createBench({ 'docs/a.md': 'a', 'docs/b.md': 'b' })
  await bench.run()
  bench.corpus.files.delete('docs/a.md')
  bench.corpus.files.set('docs/moved.md', 'a')
  const report = await bench.run({ deleteMissing: false })
  expect(report.sources).toMatchObject({ new: 1, moved: 0, deleted: 0 })
  expect(await texts(bench.store)).toEqual(['docs/a.md: a', 'docs/b.md: b', 'docs/moved.md: a'])
})

async function keepOnly(bench: Bench, left: number): Promise<void> {
  await bench.run()
  for (const id of [...bench.corpus.files.keys()].slice(left)) bench.corpus.files.delete(id)
}

test('refuses to delete more than a quarter of 100 sources unless that is allowed', async () => {
  const bench = createBench(manyFiles(100))
  await keepOnly(bench, 74)
  const error = await rejection(bench.run())
  expect(error.code).toBe('MASS_DELETION')
  expect(error.details).toEqual({ deleted: 26, covered: 100 })
  expect(await texts(bench.store)).toHaveLength(100)
  await bench.run({ allowMassDelete: true })
  expect(await texts(bench.store)).toHaveLength(74)
})

test('deletes a quarter of 100 sources without asking', async () => {
  const bench = createBench(manyFiles(100))
  await keepOnly(bench, 75)
  await bench.run()
  expect(await texts(bench.store)).toHaveLength(75)
})

test('refuses to empty a root in which nothing is found, however small', async () => {
  const bench = createBench({ 'docs/a.md': 'a' })
  await bench.run()
  bench.corpus.files.clear()
  expect((await rejection(bench.run())).code).toBe('MASS_DELETION')
  expect((await bench.run({ allowMassDelete: true })).sources.deleted).toBe(1)
})

test('keeps the chunks of a source that fails, goes on, and tries it again', async () => {
  const bench = createBench({ 'docs/a.md': 'a', 'docs/b.md': 'b' })
  await bench.run()
  bench.corpus.files.set('docs/a.md', 'a changed').set('docs/b.md', 'b changed')
  bench.corpus.corrupt.add('docs/a.md')
  const report = await bench.run()
  expect(report.sources).toMatchObject({ changed: 1, failed: 1 })
  expect(bench.events.find(({ type }) => type === 'source-failed')).toMatchObject({
    source: 'docs/a.md',
    code: 'CORRUPT',
  })
  expect(await texts(bench.store)).toEqual(['docs/a.md: a', 'docs/b.md: b changed'])
  bench.corpus.corrupt.clear()
  expect((await bench.run()).sources).toMatchObject({ changed: 1, failed: 0, unchanged: 1 })
  expect(await texts(bench.store)).toEqual(['docs/a.md: a changed', 'docs/b.md: b changed'])
})

test('keeps the old place of a moved source whose new place cannot be loaded', async () => {
  const bench = createBench({ 'docs/a.md': 'a', 'docs/b.md': 'b' })
  await bench.run()
  bench.corpus.files.delete('docs/a.md')
  bench.corpus.files.set('docs/c.md', 'a')
  bench.corpus.corrupt.add('docs/c.md')
  expect((await bench.run()).sources).toMatchObject({ moved: 0, failed: 1 })
  expect(await texts(bench.store)).toContain('docs/a.md: a')
})

test('fails only the source that holds a text the model refuses', async () => {
  const long = Array.from({ length: 200 }, (_, i) => `w${i}`).join(' ')
  const bench = createBench({ 'docs/a.md': 'a', 'docs/b.md': `b1\n${long}\nb2`, 'docs/c.md': 'c' })
  const report = await bench.run()
  expect(report.sources).toMatchObject({ new: 2, failed: 1 })
  expect(bench.events.find(({ type }) => type === 'source-failed')).toMatchObject({
    source: 'docs/b.md',
    code: 'TEXT_TOO_LONG',
    message: 'chunk 1 (line 2) has 202 tokens, at most 128 fit',
  })
  expect(await texts(bench.store)).toEqual(['docs/a.md: a', 'docs/c.md: c'])
})

/** An embedder that gives no sound vector to some texts. */
function withoutVectors(isSound: (text: string) => boolean): FakeEmbedder & { readonly asked: string[] } {
  const asked: string[] = []
  const check = (text: string, index: number): void => {
    asked.push(text)
    if (!isSound(text)) throw new QuernError('VECTOR_INVALID', `text ${index} got NaN`, { details: { index } })
  }
  const fake = createFakeEmbedder({ beforeText: check })
  return Object.assign(fake, {
    asked,
    embedQuery: async (text: string) => {
      check(text, 0)
      return new Float32Array(fake.space.dimensions)
    },
  })
}

test('ends at an embedder that gives no sound vector to several texts in a row and to a plain one, and blames no source', async () => {
  const bench = createBench(
    Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`docs/${100 + i}.md`, `text ${i}`])),
  )
  const broken = withoutVectors((text) => /^text [0-9]$/.test(text))
  const error = await rejection(bench.run({ embedder: broken }))
  expect(error.code).toBe('EMBEDDER_FAILED')
  expect(error.message).toContain('got NaN')
  expect(broken.asked).toHaveLength(10 + 8 + 1)
  expect(await texts(bench.store)).toHaveLength(10)
  expect(bench.events.filter(({ type }) => type === 'source-failed')).toEqual([])
})

test('goes on after many texts without a sound vector where the embedder still gives one to a plain text', async () => {
  const odd = Array.from({ length: 30 }, (_, i) => `odd ${i}`).join('\n')
  const bench = createBench({ 'docs/a.md': 'a', 'docs/b.md': odd, 'docs/c.md': 'c' })
  const report = await bench.run({ embedder: withoutVectors((text) => !text.startsWith('odd')) })
  expect(report.sources).toMatchObject({ new: 2, failed: 1 })
  expect(bench.events.find(({ type }) => type === 'source-failed')).toMatchObject({
    source: 'docs/b.md',
    code: 'VECTOR_INVALID',
    message: 'chunk 0 (line 1) got NaN',
  })
})

test('with strict, ends at the first failure with its error', async () => {
  const bench = createBench({ 'docs/a.md': 'a' })
  bench.corpus.corrupt.add('docs/a.md')
  expect((await rejection(bench.run({ strict: true }))).code).toBe('CORRUPT')
})

test('commits what is whole when the embedder breaks, then rejects', async () => {
  const bench = createBench({ 'docs/a.md': 'a1\na2', 'docs/b.md': 'b1\nb2' })
  const { embedder } = failingAt((text) => text === 'b2', false)
  expect((await rejection(bench.run({ embedder }))).code).toBe('EMBEDDER_FAILED')
  expect(await texts(bench.store)).toEqual(['docs/a.md: a1', 'docs/a.md: a2'])
})

test('an interrupt at any text leaves whole sources, and the next run the same store as an undisturbed one', async () => {
  const files = { 'docs/a.md': 'a1\na2', 'docs/b.md': 'b1\nb2\nb3', 'docs/c.md': 'c1' }
  const undisturbed = createBench(files)
  await undisturbed.run()
  const expected = await texts(undisturbed.store)
  for (let stop = 0; stop < expected.length; stop++) {
    const bench = createBench(files)
    const controller = new AbortController()
    const embedder = createFakeEmbedder({
      beforeText: (_, index) => {
        if (index === stop) controller.abort()
      },
    })
    const report = await bench.run({ embedder, signal: controller.signal, batchSeconds: 1e-9 })
    // At the last text nothing is left to interrupt.
    expect(report.interrupted).toBe(stop < expected.length - 1)
    expect(report.chunks.written).toBe((await texts(bench.store)).length)
    for (const id of Object.keys(files)) {
      const stored = (await texts(bench.store)).filter((text) => text.startsWith(id))
      expect([0, expected.filter((text) => text.startsWith(id)).length]).toContain(stored.length)
    }
    const second = await bench.run()
    expect(second.chunks.embedded + report.chunks.written).toBe(expected.length)
    expect(await texts(bench.store)).toEqual(expected)
  }
})

test('refuses a store of another model before anything is listed', async () => {
  const bench = createBench({ 'docs/a.md': 'a' })
  const error = await rejection(bench.run({ embedder: createFakeEmbedder({ model: 'other' }) }))
  expect(error.code).toBe('STORE_SPACE_MISMATCH')
  expect(bench.events.map(({ type }) => type)).toEqual(['run-started', 'run-failed'])
})

test('a listener that throws does not disturb the run', async () => {
  const bench = createBench({ 'docs/a.md': 'a' })
  let calls = 0
  const onEvent = (): never => {
    calls++
    throw new Error('listener')
  }
  expect((await bench.run({ onEvent })).chunks.written).toBe(1)
  expect(calls).toBe(1)
})

test('tells its events in order', async () => {
  const bench = createBench({ 'docs/a.md': 'one\ntwo' })
  await bench.run()
  expect(bench.events.map(({ type }) => type)).toEqual([
    'run-started',
    'sources-listed',
    'run-planned',
    'model-loading',
    'model-loaded',
    'source-loaded',
    'chunk-embedded',
    'chunk-embedded',
    'batch-committed',
    'run-finished',
  ])
})
