import { setTimeout as sleep } from 'node:timers/promises'
import { createMemoryStore } from '@quern/core'
import type { SourceChunks, StoreBatch, VectorStore } from '@quern/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copySources, copyStore } from '../../src/index.ts'
import type { CopyEvent } from '../../src/index.ts'
import { rejection } from '../bench.ts'
import { propertyRuns } from '../property-runs.ts'
import { anySources, contentsOf, sourceOf, space, vectorOf } from '../stored-sources.ts'

async function storeOf(sources: readonly SourceChunks[]): Promise<VectorStore> {
  const store = createMemoryStore({ space })
  await store.commit({ put: sources })
  return store
}

/** A store that records the batches it is given, and may be told to do something before each. */
function watched(store: VectorStore, before: (batch: StoreBatch) => void = () => {}) {
  const batches: StoreBatch[] = []
  const commit = store.commit.bind(store)
  store.commit = async (batch) => {
    before(batch)
    batches.push(batch)
    await commit(batch)
  }
  return { store, batches }
}

const manySources = Array.from({ length: 30 }, (_, i) => sourceOf(`docs/${i}.md`, [`text ${i}`, 'common']))

/** Copies, compares, and copies again. */
async function copyTwice(sources: SourceChunks[], earlier: SourceChunks[], bytes: number): Promise<void> {
  const from = await storeOf(sources)
  const to = await storeOf(earlier)
  const options = { from, to, deleteMissing: true, allowMassDelete: true, batchSize: { bytes } }
  const report = await copyStore(options)
  expect(await contentsOf(to)).toEqual(await contentsOf(from))
  expect(report.sources.copied + report.sources.unchanged).toBe(sources.length)
  const again = watched(to)
  expect(await copyStore(options)).toMatchObject({
    sources: { copied: 0, unchanged: sources.length, deleted: 0 },
    chunks: { copied: 0, deleted: 0 },
  })
  expect(again.batches.map(({ put, touch }) => [put, touch])).toEqual(again.batches.map(() => [[], []]))
}

/** A unit vector with this zero in it. */
function withZero(zero: number): Float32Array {
  return Float32Array.of(1, zero, 0, 0, 0, 0, 0, 0)
}

async function* damagedInput(): AsyncGenerator<SourceChunks> {
  yield* manySources.slice(0, 4)
  throw new Error('line 5 is damaged')
}

describe('what a store holds and what its copy holds', () => {
  test('are the same, bit for bit, whatever it is and whatever the target held of it before', async () => {
    const bytes = fc.integer({ min: 1, max: 2000 })
    await fc.assert(fc.asyncProperty(anySources, anySources, bytes, copyTwice), propertyRuns(150))
  })

  test('are the same in the zeros of vectors too, whose sign a comparison of numbers does not see', async () => {
    const from = await storeOf([sourceOf('a', [{ text: 'x', vector: withZero(-0) }])])
    const to = await storeOf([sourceOf('a', [{ text: 'x', vector: withZero(0) }])])
    expect(await copyStore({ from, to })).toMatchObject({ sources: { copied: 1, unchanged: 0 } })
    expect(await contentsOf(to)).toEqual(await contentsOf(from))
  })
})

test('sources that the target has with the same chunks are left alone, others are replaced, its own stay', async () => {
  const from = await storeOf([sourceOf('same', ['a', 'b']), sourceOf('changed', ['a', 'new']), sourceOf('new', ['c'])])
  const { store: to, batches } = watched(
    await storeOf([sourceOf('same', ['a', 'b']), sourceOf('changed', ['a']), sourceOf('own', ['d'])]),
  )
  const report = await copyStore({ from, to })
  expect(report).toMatchObject({
    sources: { copied: 2, unchanged: 1, deleted: 0 },
    chunks: { copied: 3, unchanged: 2, deleted: 1 },
    interrupted: false,
    changedMeanwhile: false,
  })
  expect(batches.flatMap(({ put = [] }) => put.map(({ state }) => state.id))).toEqual(['changed', 'new'])
  expect((await to.stats()).sources).toBe(4)
})

test('a vector that was computed again is copied, though the state says nothing of it', async () => {
  const from = await storeOf([
    sourceOf('a', [{ text: 'x', vector: vectorOf('y'), createdAt: '2026-11-25T00:00:00.000Z' }]),
  ])
  const to = await storeOf([
    { ...sourceOf('a', ['x']), state: (await from.listSources()[Symbol.asyncIterator]().next()).value },
  ])
  expect(await copyStore({ from, to })).toMatchObject({ sources: { copied: 1 } })
  expect(await contentsOf(to)).toEqual(await contentsOf(from))
})

test('where the state alone differs, the state alone is written', async () => {
  const { state, chunks } = sourceOf('a', ['x'])
  const from = await storeOf([{ state: { ...state, modifiedAt: '2027-01-01T00:00:00.000000000Z' }, chunks }])
  const { store: to, batches } = watched(await storeOf([{ state, chunks }]))
  expect(await copyStore({ from, to })).toMatchObject({ sources: { copied: 0, unchanged: 1 } })
  expect(batches).toMatchObject([{ put: [], touch: [{ id: 'a' }] }])
  expect(await contentsOf(to)).toEqual(await contentsOf(from))
})

test('batches are bounded by bytes and by sources, and no source is divided', async () => {
  const from = await storeOf([
    ...manySources,
    sourceOf(
      'large',
      Array.from({ length: 100 }, (_, i) => `line ${i}`),
    ),
  ])
  const bySources = watched(createMemoryStore({ space }))
  await copyStore({ from, to: bySources.store, batchSize: { sources: 7 } })
  expect(bySources.batches.map(({ put = [] }) => put.length)).toEqual([7, 7, 7, 7, 3])
  const byBytes = watched(createMemoryStore({ space }))
  await copyStore({ from, to: byBytes.store, batchSize: { bytes: 1 } })
  expect(byBytes.batches).toHaveLength(31)
  expect(await contentsOf(byBytes.store)).toEqual(await contentsOf(bySources.store))
})

test('a copy that is ended after any batch is gone on with by the next one, to the same end', async () => {
  const from = await storeOf(manySources)
  for (let last = 0; last < 10; last++) {
    const abort = new AbortController()
    let count = 0
    const { store: to } = watched(createMemoryStore({ space }), () => void (count++ === last && abort.abort()))
    const first = await copyStore({ from, to, batchSize: { sources: 4 }, signal: abort.signal })
    expect(first.interrupted).toBe(last < 7)
    const { sources } = await to.stats()
    expect(first.sources.copied).toBe(sources)
    const second = await copyStore({ from, to, batchSize: { sources: 4 } })
    expect(second.sources).toEqual({ copied: 30 - sources, unchanged: sources, deleted: 0 })
    expect(await contentsOf(to)).toEqual(await contentsOf(from))
  }
})

test('what failed to be written is told, and what was written before stays', async () => {
  const from = await storeOf(manySources)
  const { store: to } = watched(createMemoryStore({ space }), ({ put = [] }) => {
    if (put.some(({ state }) => state.id === 'docs/20.md')) throw new Error('the disk is full')
  })
  await expect(copyStore({ from, to, batchSize: { sources: 5 } })).rejects.toThrow('the disk is full')
  expect((await to.stats()).sources).toBe(20)
})

test('while a batch is written the next one is read and handed over, no more, and each is told of when it is written', async () => {
  const to = createMemoryStore({ space })
  const commit = to.commit.bind(to)
  const gates: PromiseWithResolvers<void>[] = []
  to.commit = async (batch) => {
    const gate = Promise.withResolvers<void>()
    gates.push(gate)
    await gate.promise
    await commit(batch)
  }
  let read = 0
  async function* sources(): AsyncGenerator<SourceChunks> {
    for (const source of manySources.slice(0, 25)) {
      read++
      yield source
    }
  }
  const written: number[] = []
  const onEvent = (event: CopyEvent): void => {
    if (event.type === 'batch-copied') written.push(event.sources)
  }
  const copying = copySources({ sources: sources(), space, to, batchSize: { sources: 5 }, onEvent })
  for (let batch = 0; batch < 5; batch++) {
    await sleep(20)
    const handedOver = Math.min(batch + 2, 5)
    expect([gates.length, read, written]).toEqual([handedOver, 5 * handedOver, [5, 10, 15, 20].slice(0, batch)])
    gates[batch]?.resolve()
  }
  expect((await copying).sources.copied).toBe(25)
  expect(written).toEqual([5, 10, 15, 20, 25])
})

test('a copy that fails has ended: what was under way beside it is written, and no more is handed over', async () => {
  const to = createMemoryStore({ space })
  const commit = to.commit.bind(to)
  const batches: string[] = []
  to.commit = async (batch) => {
    const [first] = (batch.put ?? []).map(({ state }) => state.id)
    batches.push(first ?? '')
    await sleep(first === 'docs/5.md' ? 20 : 40)
    if (first === 'docs/5.md') throw new Error('the disk is full')
    await commit(batch)
  }
  await expect(copyStore({ from: await storeOf(manySources), to, batchSize: { sources: 5 } })).rejects.toThrow('disk')
  const { sources } = await to.stats()
  expect([batches, sources]).toEqual([['docs/0.md', 'docs/5.md'], 5])
  await sleep(60)
  expect((await to.stats()).sources).toBe(sources)
})

test('what the input fails with comes after what is under way, and a failure of that comes first', async () => {
  const { store: slow } = watched(createMemoryStore({ space }))
  const commit = slow.commit.bind(slow)
  slow.commit = async (batch) => {
    await sleep(20)
    await commit(batch)
  }
  await expect(copySources({ sources: damagedInput(), space, to: slow })).rejects.toThrow('line 5')
  expect((await slow.stats()).sources).toBe(4)
  slow.commit = async () => {
    await sleep(20)
    throw new Error('the disk is full')
  }
  const other = { sources: damagedInput(), space, to: slow, batchSize: { bytes: 1 } }
  await expect(copySources(other)).rejects.toThrow('the disk is full')
})

test('a store of another space is refused before anything is written, both named', async () => {
  const from = await storeOf(manySources)
  const other = { model: 'other', dimensions: 8, fingerprint: 'other' }
  const { store: to, batches } = watched(createMemoryStore({ space: other }))
  const error = await rejection(copyStore({ from, to }))
  expect(error.code).toBe('STORE_SPACE_MISMATCH')
  expect(error.message).toMatch(/other .* sample /)
  expect(batches).toEqual([])
})

test('most of a target is not deleted unasked, and nothing is written then', async () => {
  const from = await storeOf(manySources.slice(0, 3))
  const { store: to, batches } = watched(await storeOf(manySources.slice(2)))
  const error = await rejection(copyStore({ from, to, deleteMissing: true }))
  expect([error.code, batches]).toEqual(['MASS_DELETION', []])
  expect(error.message).toContain('27 of 28')
  const report = await copyStore({ from, to, deleteMissing: true, allowMassDelete: true })
  expect(report.sources).toEqual({ copied: 2, unchanged: 1, deleted: 27 })
  expect(report.chunks.deleted).toBe(54)
})

test('a store that has other chunks than its state says is named, not copied', async () => {
  const { state, chunks } = sourceOf('a', ['x', 'y'])
  const from = await storeOf([{ state, chunks }])
  const list = from.listSources.bind(from)
  from.listSources = async function* listMore() {
    for await (const listed of list()) yield { ...listed, chunkCount: 3 }
  }
  const error = await rejection(copyStore({ from, to: createMemoryStore({ space }) }))
  expect([error.code, error.details['source']]).toEqual(['STORE_CORRUPT', 'a'])
})

test('says when the store was written to meanwhile', async () => {
  const from = await storeOf(manySources)
  const { store: to } = watched(createMemoryStore({ space }))
  const onEvent = ({ type }: CopyEvent): void => {
    if (type === 'copy-started') void from.commit({ put: [sourceOf('late', ['z'])] })
  }
  await new Promise((resolve) => setTimeout(resolve, 2))
  expect((await copyStore({ from, to, onEvent })).changedMeanwhile).toBe(true)
})

test('tells totals, each batch, and the end; a listener that throws breaks nothing', async () => {
  const events: CopyEvent[] = []
  const onEvent = (event: CopyEvent): void => {
    events.push(event)
    if (event.type === 'sources-retired') throw new Error('listener')
  }
  const to = await storeOf([...manySources.slice(0, 10), sourceOf('own', ['x'])])
  const from = await storeOf(manySources)
  await copyStore({ from, to, deleteMissing: true, batchSize: { sources: 15 }, onEvent })
  expect(events).toEqual([
    { type: 'copy-started', space, sources: 30, chunks: 60 },
    { type: 'batch-copied', source: 'docs/14.md', sources: 15, chunks: 30 },
    { type: 'batch-copied', source: 'docs/29.md', sources: 30, chunks: 60 },
    { type: 'sources-retired', count: 1 },
  ])
})

test('sources from anywhere are copied alike, and their failure comes after what they gave', async () => {
  const to = createMemoryStore({ space })
  await expect(copySources({ sources: damagedInput(), space, to })).rejects.toThrow('line 5')
  expect((await to.stats()).sources).toBe(4)
})
