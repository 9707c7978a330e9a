import { createMemoryStore } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import { expect, test } from 'vitest'
import { indexCorpus, planCorpus } from '../src/index.ts'
import { createLineChunker, createMemoryCorpus } from './memory-corpus.ts'

test('plans exactly what the run then does, and writes nothing itself', async () => {
  const loader = createMemoryCorpus({
    'docs/a.md': 'one\ntwo',
    'docs/b.md': 'three',
    'docs/c.md': 'four',
    'docs/d.md': 'five',
  })
  const embedder = createFakeEmbedder()
  const stages = { loader, chunker: createLineChunker(), embedder, store: createMemoryStore({ space: embedder.space }) }
  await indexCorpus(stages)
  loader.files
    .set('docs/a.md', 'one\nTWO!')
    .set('docs/new.md', 'six\nthree\nsix')
    .set('docs/moved.md', 'four')
    .set('docs/bad.md', 'x')
  loader.corrupt.add('docs/bad.md')
  loader.files.delete('docs/c.md')
  loader.files.delete('docs/d.md')

  const { updatedAt } = await stages.store.stats()
  const embedded = embedder.embedded.length
  const planned = await planCorpus(stages)
  expect((await stages.store.stats()).updatedAt).toBe(updatedAt)
  expect(embedder.embedded).toHaveLength(embedded)
  expect(planned.sources).toEqual({ new: 1, changed: 1, moved: 1, deleted: 1, unchanged: 1, failed: 1 })
  expect(planned.failedToLoad).toEqual(['docs/bad.md'])
  expect(planned.plan.moved.map(({ from, source }) => [from, source.id])).toEqual([['docs/c.md', 'docs/moved.md']])

  const report = await indexCorpus(stages)
  expect(report.sources).toEqual(planned.sources)
  expect(report.chunks).toMatchObject({ embedded: planned.chunks.toEmbed, reused: planned.chunks.reused })
  expect(planned.chunks).toEqual({ toEmbed: 2, reused: 4 })
})

test('loads no model when there is nothing to split', async () => {
  const loader = createMemoryCorpus({ 'docs/a.md': 'one' })
  const first = createFakeEmbedder()
  const stages = {
    loader,
    chunker: createLineChunker(),
    embedder: first,
    store: createMemoryStore({ space: first.space }),
  }
  await indexCorpus(stages)
  const embedder = createFakeEmbedder()
  await planCorpus({ ...stages, embedder })
  expect(embedder.loads).toBe(0)
})

test('counts the tokens to embed and gives a sample of the texts', async () => {
  const text = Array.from({ length: 100 }, (_, i) => `line ${i}`).join('\n')
  const embedder = createFakeEmbedder()
  const stages = {
    loader: createMemoryCorpus({ 'docs/a.md': text, 'docs/b.md': 'line 1\nline 2' }),
    chunker: createLineChunker(),
    embedder,
    store: createMemoryStore({ space: embedder.space }),
  }
  const { chunks, sample, tokensToEmbed } = await planCorpus(stages)
  expect(chunks).toEqual({ toEmbed: 100, reused: 2 })
  expect(sample.length).toBeGreaterThan(5)
  expect(new Set(sample).size).toBe(sample.length)
  const { tokens } = await indexCorpus(stages)
  expect(tokensToEmbed).toBe(tokens)
})

test('compares without loading anything when chunks are not to be counted', async () => {
  const loader = createMemoryCorpus({ 'docs/a.md': 'one', 'docs/bad.md': 'x' })
  loader.corrupt.add('docs/bad.md')
  const embedder = createFakeEmbedder()
  const store = createMemoryStore({ space: embedder.space })
  const report = await planCorpus({ loader, chunker: createLineChunker(), embedder, store, countChunks: false })
  expect(report.sources).toEqual({ new: 2, changed: 0, moved: 0, deleted: 0, unchanged: 0, failed: 0 })
  expect(embedder.loads).toBe(0)
})
