import { compareStrings, createMemoryStore } from '@quern/core'
import type { SourceChunks, VectorStore } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import type { FakeEmbedder, FakeEmbedderOptions } from '@quern/core/testing'
import { expect, test } from 'vitest'
import { reembedStore } from '../../src/index.ts'
import type { ReembedEvent, ReembedReport, ReembedStoreOptions } from '../../src/index.ts'
import { rejection } from '../bench.ts'
import { sourceOf, space } from '../stored-sources.ts'

const sources: readonly SourceChunks[] = [
  sourceOf('docs/a.md', ['apple', 'pear', { text: 'plum', embedText: 'Fruit\n\nplum' }, 'apple']),
  sourceOf('docs/b.md', ['pear', 'quince']),
  sourceOf('docs/c.md', []),
  sourceOf('docs/d.md', ['fig', 'date', 'lime']),
  sourceOf('docs/e.md', ['apple', 'kiwi']),
]
const distinct = ['apple', 'pear', 'Fruit\n\nplum', 'quince', 'fig', 'date', 'lime', 'kiwi']

async function storeOf(put: readonly SourceChunks[]): Promise<VectorStore> {
  const store = createMemoryStore({ space })
  await store.commit({ put })
  return store
}

function newModel(options: FakeEmbedderOptions = {}): FakeEmbedder {
  return createFakeEmbedder({ model: 'new', dimensions: 12, ...options })
}

interface Reembedded {
  readonly report: ReembedReport
  readonly events: readonly ReembedEvent[]
  readonly embedded: readonly string[]
}

async function reembed(
  from: VectorStore,
  to: VectorStore,
  options: Partial<ReembedStoreOptions> & { readonly embedder?: FakeEmbedder } = {},
): Promise<Reembedded> {
  const { embedder = newModel(), onEvent } = options
  const events: ReembedEvent[] = []
  const report = await reembedStore({
    from,
    to,
    embedder,
    deleteMissing: true,
    batchChunks: 3,
    ...options,
    onEvent: (event) => {
      events.push(event)
      onEvent?.(event)
    },
  })
  return { report, events, embedded: embedder.embedded }
}

/** Everything in a store but the moments of embedding, by source. */
async function contents(store: VectorStore): Promise<unknown[]> {
  const listed = await Array.fromAsync(store.listSources())
  const states = listed.toSorted((a, b) => compareStrings(a.id, b.id))
  const chunks = await Array.fromAsync(store.getChunks({ sources: states.map(({ id }) => id) }))
  return [states, chunks.map((chunk) => Object.assign({}, chunk, { createdAt: '' }))]
}

/** A source without its vectors. */
function bare({ state, chunks }: SourceChunks): unknown {
  return { state, chunks: chunks.map((chunk) => Object.assign({}, chunk, { vector: undefined, createdAt: '' })) }
}

test('embeds each distinct text once and keeps states, ids, texts and metadata', async () => {
  const from = await storeOf(sources)
  const to = createMemoryStore({ space: newModel().space })
  const startedAt = new Date().toISOString()
  const { report, embedded, events } = await reembed(from, to)
  expect(embedded.toSorted()).toEqual(distinct.toSorted())
  expect(report).toMatchObject({
    sources: { written: 5, kept: 0, failed: 0, deleted: 0 },
    chunks: { embedded: 8, reused: 3, written: 11, kept: 0 },
    interrupted: false,
  })
  const [vector] = await Array.fromAsync(newModel().embedDocuments(['Fruit\n\nplum']))
  const plum = (await Array.fromAsync(to.getChunks())).find(({ pageContent }) => pageContent === 'plum')
  expect(plum?.vector).toEqual(vector)
  expect(plum && plum.createdAt >= startedAt).toBe(true)
  for (const source of sources) {
    const chunks = await Array.fromAsync(to.getChunks({ sources: [source.state.id] }))
    expect(bare({ state: source.state, chunks })).toEqual(bare(source))
  }
  expect(await Array.fromAsync(to.listSources())).toEqual(sources.map(({ state }) => state))
  expect(events.at(0)).toMatchObject({ type: 'reembed-started', sources: 5, chunks: 11 })
  expect(events.at(-1)).toMatchObject({ type: 'reembed-finished', interrupted: false })
})

test('a second call embeds nothing, writes nothing and does not load the model', async () => {
  const from = await storeOf(sources)
  const to = createMemoryStore({ space: newModel().space })
  await reembed(from, to)
  const { updatedAt } = await to.stats()
  const embedder = newModel()
  const { report } = await reembed(from, to, { embedder })
  expect(embedder.loads).toBe(0)
  expect(report).toMatchObject({ sources: { written: 0, kept: 5 }, chunks: { embedded: 0, written: 0, kept: 11 } })
  expect((await to.stats()).updatedAt).toBe(updatedAt)
})

test('stopped at any event and gone on with, it embeds each text once in all and ends in the same store', async () => {
  const from = await storeOf(sources)
  const undisturbed = createMemoryStore({ space: newModel().space })
  const { events } = await reembed(from, undisturbed)
  expect(events.length).toBeGreaterThan(10)
  for (let moment = 0; moment < events.length - 1; moment++) {
    const to = createMemoryStore({ space: newModel().space })
    const stopping = new AbortController()
    let count = 0
    const first = await reembed(from, to, {
      stop: stopping.signal,
      onEvent: () => {
        if (count++ === moment) stopping.abort()
      },
    })
    const second = await reembed(from, to)
    expect(second.report.interrupted, `moment ${moment}`).toBe(false)
    expect([...first.embedded, ...second.embedded].toSorted(), `moment ${moment}`).toEqual(distinct.toSorted())
    expect(await contents(to), `moment ${moment}`).toEqual(await contents(undisturbed))
  }
})

test('aborted at any text, it costs at most the batch in flight', async () => {
  const from = await storeOf(sources)
  const undisturbed = createMemoryStore({ space: newModel().space })
  await reembed(from, undisturbed)
  for (let moment = 0; moment < distinct.length; moment++) {
    const to = createMemoryStore({ space: newModel().space })
    const aborting = new AbortController()
    let left = moment
    const first = newModel({
      beforeText: () => {
        if (left-- === 0) aborting.abort()
        aborting.signal.throwIfAborted()
      },
    })
    const { report } = await reembed(from, to, { embedder: first, signal: aborting.signal })
    expect(report.interrupted).toBe(true)
    const stored = new Set((await Array.fromAsync(to.getChunks())).map(({ embedText }) => embedText))
    const { embedded } = await reembed(from, to)
    expect(embedded.filter((text) => stored.has(text))).toEqual([])
    expect(first.embedded.length + embedded.length - distinct.length, `text ${moment}`).toBeLessThan(5)
    expect(await contents(to)).toEqual(await contents(undisturbed))
  }
})

test('embeds what was changed in between, and removes what is gone', async () => {
  const from = await storeOf(sources)
  const to = createMemoryStore({ space: newModel().space })
  await reembed(from, to)
  await from.commit({
    put: [sourceOf('docs/b.md', ['pear', 'medlar']), sourceOf('docs/f.md', ['kiwi'])],
    delete: ['docs/d.md'],
  })
  const { report, embedded } = await reembed(from, to)
  expect(embedded).toEqual(['medlar'])
  expect(report.sources).toEqual({ written: 2, kept: 3, failed: 0, deleted: 1 })
  const fresh = createMemoryStore({ space: newModel().space })
  await reembed(from, fresh)
  expect(await contents(to)).toEqual(await contents(fresh))
})

test('leaves other sources of the target alone unless told otherwise', async () => {
  const from = await storeOf(sources.slice(0, 1))
  const to = createMemoryStore({ space: newModel().space })
  await reembed(await storeOf(sources.slice(1, 2)), to)
  await reembed(from, to, { deleteMissing: false })
  expect((await Array.fromAsync(to.listSources())).map(({ id }) => id).toSorted()).toEqual(['docs/a.md', 'docs/b.md'])
})

test('names the chunk that the new model does not take, cuts nothing, and embeds nothing of its source', async () => {
  const long = Array.from({ length: 40 }, (_, i) => `word${i}`).join(' ')
  const from = await storeOf([sourceOf('docs/a.md', ['apple', long, 'pear']), sourceOf('docs/b.md', ['quince'])])
  const to = createMemoryStore({ space: newModel().space })
  const { report, events, embedded } = await reembed(from, to, { embedder: newModel({ maxTokens: 32 }) })
  expect(report.sources).toMatchObject({ written: 1, failed: 1 })
  expect(embedded).toEqual(['quince'])
  expect(events.find(({ type }) => type === 'source-failed')).toMatchObject({
    source: 'docs/a.md',
    code: 'TEXT_TOO_LONG',
    message: 'docs/a.md: chunk 1 (lines 1 to 1) has 42 tokens; at most 32 fit into new, and nothing is cut off',
  })
})

test('a source that the target had and that fails now is removed from it', async () => {
  const from = await storeOf([sourceOf('docs/a.md', ['apple']), sourceOf('docs/b.md', ['quince'])])
  const to = createMemoryStore({ space: newModel().space })
  await reembed(from, to)
  const long = Array.from({ length: 200 }, (_, i) => `word${i}`).join(' ')
  await from.commit({ put: [sourceOf('docs/a.md', [long])] })
  const { report } = await reembed(from, to)
  expect(report.sources).toEqual({ written: 0, kept: 1, failed: 1, deleted: 1 })
})

test('refuses a target of another space before anything is written', async () => {
  const from = await storeOf(sources)
  const error = await rejection(reembed(from, createMemoryStore({ space })))
  expect(error.code).toBe('STORE_SPACE_MISMATCH')
})
