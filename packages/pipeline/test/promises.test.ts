import { QuernError } from '@quern/core'
import type { Source } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import { describe, expect, test } from 'vitest'
import type { PipelineListener } from '../src/index.ts'
import { createBench, manyFiles, rejection, texts } from './bench.ts'
import { createLineChunker } from './memory-corpus.ts'

function lines(name: string, from: number, to: number): string {
  return Array.from({ length: to - from }, (_, i) => `${name} line ${from + i}`).join('\n')
}

async function unreadable(): Promise<never> {
  throw new QuernError('UNREADABLE', 'docs/c.md cannot be read')
}

async function meddle(event: object): Promise<never> {
  if ('space' in event) Object.assign(event.space as object, { fingerprint: 'changed' })
  throw new Error('listener')
}

describe('nothing is embedded twice', () => {
  test('when a text moves to a source that is committed later', async () => {
    const bench = createBench({ 'docs/a.md': lines('section', 0, 40), 'docs/z.md': 'end' })
    await bench.run()
    bench.corpus.files.set('docs/a.md', lines('section', 0, 20))
    bench.corpus.files.set('docs/z.md', `end\n${lines('section', 20, 40)}`)
    const report = await bench.run({ batchChunks: 1 })
    expect(report.chunks).toMatchObject({ embedded: 0, written: 41 })
  })

  test('when logs are rotated', async () => {
    const [first, second, third] = [lines('old', 0, 30), lines('older', 0, 30), lines('oldest', 0, 30)]
    const bench = createBench({ 'docs/log.0': first, 'docs/log.1': second, 'docs/log.2': third })
    await bench.run()
    bench.corpus.files.set('docs/log.0', 'a new line')
    bench.corpus.files.set('docs/log.1', first)
    bench.corpus.files.set('docs/log.2', second)
    expect((await bench.run({ batchChunks: 1 })).chunks).toMatchObject({ embedded: 1 })
  })

  test('when the source that brought a text first cannot be committed', async () => {
    const bench = createBench({ 'docs/a.md': 'shared\nrefused', 'docs/b.md': 'shared' })
    const embedder = createFakeEmbedder({
      beforeText: (text, index) => {
        if (text === 'refused') throw new QuernError('TEXT_TOO_LONG', 'refused', { details: { index } })
      },
    })
    const report = await bench.run({ embedder, batchChunks: 1 })
    expect(report.sources).toMatchObject({ new: 1, failed: 1 })
    expect(embedder.embedded).toEqual(['shared'])
  })
})

describe('what could not be seen is not deleted', () => {
  test('another folder of the same name does not take the place of the first', async () => {
    const bench = createBench({ 'docs/a.md': 'a', 'docs/b.md': 'b' })
    await bench.run()
    bench.corpus.files.clear()
    bench.corpus.files.set('docs/x.md', 'x')
    expect((await rejection(bench.run())).code).toBe('MASS_DELETION')
    expect(await texts(bench.store)).toEqual(['docs/a.md: a', 'docs/b.md: b'])
    expect((await bench.run({ allowMassDelete: true })).sources).toMatchObject({ new: 1, deleted: 2 })
  })

  test('most of a small store is not deleted unasked either', async () => {
    const bench = createBench(manyFiles(8))
    await bench.run()
    for (let i = 0; i < 5; i++) bench.corpus.files.delete(`docs/00${i}.md`)
    expect((await rejection(bench.run())).code).toBe('MASS_DELETION')
  })

  test('an interrupted renaming of a folder is gone on with unasked', async () => {
    const bench = createBench(manyFiles(60))
    await bench.run()
    const before = [...bench.corpus.files]
    bench.corpus.files.clear()
    for (const [id, text] of before) bench.corpus.files.set(id.replace('docs/', 'docs/new/'), text)
    const stop = new AbortController()
    let batches = 0
    const onEvent = ({ type }: { type: string }): void => {
      if (type === 'batch-committed' && ++batches === 40) stop.abort()
    }
    expect((await bench.run({ stop: stop.signal, batchChunks: 1, onEvent })).interrupted).toBe(true)
    expect((await bench.run()).sources).toMatchObject({ deleted: 40, moved: 20, failed: 0 })
    expect(await texts(bench.store)).toHaveLength(60)
  })

  test('a new file that cannot be hashed may be a moved one: nothing of its size is deleted, and it counts once', async () => {
    const bench = createBench({ 'docs/a.md': 'one', 'docs/b.md': 'other' })
    await bench.run()
    bench.corpus.files.delete('docs/a.md')
    bench.corpus.files.set('docs/c.md', 'one')
    const loader = {
      covers: (id: string) => bench.corpus.covers(id),
      async *list() {
        for await (const entry of bench.corpus.list()) {
          if (entry.type === 'source' && entry.source.id === 'docs/c.md') {
            const source: Source = { ...entry.source, hash: unreadable, load: unreadable }
            yield { type: 'source' as const, source }
          } else yield entry
        }
      },
    }
    expect((await bench.run({ loader })).sources).toMatchObject({ failed: 1, deleted: 0 })
    expect((await bench.run()).sources).toMatchObject({ moved: 1, failed: 0 })
    expect((await bench.run()).chunks.embedded).toBe(0)
  })
})

describe('a run that is told to stop', () => {
  test('finishes the batch that is being embedded', async () => {
    const bench = createBench({ 'docs/a.md': lines('a', 0, 10), 'docs/b.md': lines('b', 0, 10), 'docs/c.md': 'c' })
    const stop = new AbortController()
    const embedder = createFakeEmbedder({
      beforeText: (text) => {
        if (text === 'a line 3') stop.abort()
      },
    })
    const report = await bench.run({ embedder, stop: stop.signal, batchChunks: 10 })
    expect(report).toMatchObject({ interrupted: true, sources: { new: 1 }, chunks: { embedded: 10, written: 10 } })
  })

  test('does not hide a failure behind the interruption', async () => {
    const bench = createBench({ 'docs/a.md': 'a' })
    const stop = new AbortController()
    const failure = new QuernError('STORE_WRITE_FAILED', 'the disk is full')
    const commit = async (): Promise<never> => {
      stop.abort()
      throw failure
    }
    const store = new Proxy(bench.store, {
      get(target, key) {
        const member: unknown = key === 'commit' ? commit : Reflect.get(target, key, target)
        return typeof member === 'function' ? (member.bind(target) as unknown) : member
      },
    })
    expect((await rejection(bench.run({ store, stop: stop.signal, signal: stop.signal }))).code).toBe(
      'STORE_WRITE_FAILED',
    )
  })
})

test('a source in doubt is hashed once, not by every run to come', async () => {
  const bench = createBench({ 'docs/a.md': 'a' })
  const time = '2026-01-31T23:59:59.999000001Z'
  bench.corpus.times.set('docs/a.md', time)
  await bench.run()
  const later = {
    covers: (id: string) => bench.corpus.covers(id),
    async *list() {
      for await (const entry of bench.corpus.list()) {
        if (entry.type === 'source') {
          const source: Source = { ...entry.source, observedAt: '2026-03-01T00:00:00.000000001Z' }
          yield { type: 'source' as const, source }
        }
      }
    },
  }
  await bench.run({ loader: later })
  expect(bench.corpus.calls.hash).toBe(1)
  await bench.run({ loader: later })
  expect(bench.corpus.calls.hash).toBe(1)
})

test('an option that the chunker refuses ends the run, and is not blamed on every source', async () => {
  const bench = createBench(manyFiles(3))
  const chunker = {
    ...createLineChunker(),
    // oxlint-disable-next-line require-yield
    async *split(): AsyncGenerator<never> {
      throw new QuernError('OPTION_INVALID', 'countTokens gives no number')
    },
  }
  expect((await rejection(bench.run({ chunker }))).code).toBe('OPTION_INVALID')
})

test('a strict run does not begin when something could not be listed', async () => {
  const bench = createBench({ 'docs/a.md': 'a', 'docs/b.md': 'b' })
  bench.corpus.skips.set('docs/b.md', 'UNREADABLE')
  expect((await rejection(bench.run({ strict: true }))).message).toContain('docs/b.md')
  expect(await texts(bench.store)).toEqual([])
})

test('a listener that rejects, or changes what it is told, does not disturb the run', async () => {
  const bench = createBench({ 'docs/a.md': 'a' })
  const onEvent: unknown = meddle
  expect((await bench.run({ onEvent: onEvent as PipelineListener })).chunks.written).toBe(1)
})
