import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isQuernError } from '@quern/core'
import type { EmbeddingSpace, VectorStore } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import { reembedInPlace } from '@quern/pipeline'
import type { ReembedEvent, ReembedInPlaceOptions, ReembedInPlaceReport } from '@quern/pipeline'
import { openJsonStore } from '@quern/store-json'
import { openLanceStore } from '@quern/store-lancedb'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { embeddedSource, embedder as oldModel } from '../cli/stored-project.ts'

type Open = (path: string, mode: 'read' | 'write', space?: EmbeddingSpace) => Promise<VectorStore>

const places: Record<string, Open> = {
  'a JSON store in one file': (path, mode, space) => openJsonStore({ path, mode, space }),
  'a JSON store of segments': (path, mode, space) => openJsonStore({ path, mode, space, layout: 'segments' }),
  'a LanceDB store': (uri, mode, space) => openLanceStore({ uri, mode, space, wordIndex: 'never' }),
}
const names = Object.keys(places)

/** Source i has a text of its own, one that the next source has too, and one that all have. */
const ids = Array.from({ length: 7 }, (_, i) => `docs/${i}.md`)
const textsOf = (i: number): string[] => [`text of ${i}`, `shared by ${i >> 1}`, 'in every source']
const distinct = new Set(ids.flatMap((_, i) => textsOf(i)))

async function writeOldStore(open: Open, path: string): Promise<void> {
  await using store = await open(path, 'write', oldModel.space)
  await store.commit({ put: await Promise.all(ids.map((id, i) => embeddedSource(id, textsOf(i)))) })
}

/** A folder with a store of the old model. */
async function oldStore(name: string): Promise<{ readonly open: Open; readonly folder: string } & AsyncDisposable> {
  const open = places[name] as Open
  const temporary = await temporaryFolder()
  const folder = join(temporary.path, 'store')
  await writeOldStore(open, folder)
  return { open, folder, [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose]() }
}

/** All that can be read, by another process as it were. */
async function read(open: Open, path: string): Promise<{ readonly model: string; readonly chunks: string[] }> {
  await using store = await open(path, 'read')
  const chunks = await Array.fromAsync(store.getChunks({ sources: ids }))
  expect((await Array.fromAsync(store.listSources())).length).toBe(ids.length)
  return { model: store.space.model, chunks: chunks.map(({ id }) => id) }
}

interface Reembedded {
  readonly report: ReembedInPlaceReport
  readonly embedded: readonly string[]
}

async function reembed(
  open: Open,
  folder: string,
  options: Partial<ReembedInPlaceOptions> & { readonly maxTokens?: number } = {},
): Promise<Reembedded> {
  const { maxTokens = 100, ...rest } = options
  const embedder = createFakeEmbedder({ model: 'new', maxTokens })
  const openFolder = (path: string, space?: EmbeddingSpace): Promise<VectorStore> => open(path, 'write', space)
  const report = await reembedInPlace({ folder, open: openFolder, embedder, batchChunks: 4, ...rest })
  return { report, embedded: embedder.embedded }
}

test.for(names)('%s is read as it was at every moment until the switch, and then as new', async (name) => {
  await using old = await oldStore(name)
  const { open, folder } = old
  const before = await read(open, folder)
  const readings: Promise<unknown>[] = []
  const onEvent = (event: ReembedEvent): void => {
    if (event.type !== 'reembed-finished') readings.push(read(open, folder))
  }
  // Readings that begin just before the switch may come to their end after it: either is whole.
  const { report, embedded } = await reembed(open, folder, { onEvent })
  expect(report).toMatchObject({ outcome: 'switched', sources: { written: 7 }, chunks: { embedded: distinct.size } })
  expect(new Set(embedded)).toEqual(distinct)
  expect(embedded.length).toBe(distinct.size)
  for (const reading of await Promise.all(readings)) {
    expect([before, { ...before, model: 'new' }]).toContainEqual(reading)
  }
  expect(readings.length).toBeGreaterThan(distinct.size)
  expect(await read(open, folder)).toEqual({ ...before, model: 'new' })
})

test.for(names)('stopped at any event and gone on with, %s is embedded once in all', async (name) => {
  const open = places[name] as Open
  await using temporary = await temporaryFolder()
  const events: string[] = []
  const whole = join(temporary.path, 'whole')
  await writeOldStore(open, whole)
  await reembed(open, whole, { onEvent: ({ type }) => events.push(type) })
  for (const moment of events.keys()) {
    // Of the events of single texts every third will do: each takes six openings of a store.
    if (events[moment] === 'chunk-embedded' && moment % 3 > 0) continue
    const folder = join(temporary.path, String(moment))
    await writeOldStore(open, folder)
    const stopping = new AbortController()
    let count = 0
    const onEvent = (): void => {
      if (count++ === moment) stopping.abort()
    }
    const first = await reembed(open, folder, { stop: stopping.signal, onEvent })
    const { model } = await read(open, folder)
    expect(model).toBe(first.report.interrupted ? 'fake' : 'new')
    const second = await reembed(open, folder)
    expect(second.report.outcome).toBe(first.report.interrupted ? 'switched' : 'already')
    const all = [...first.embedded, ...second.embedded]
    expect(new Set(all)).toEqual(distinct)
    expect(all.length, `stopped at event ${moment} (${events[moment]})`).toBe(distinct.size)
    expect(await read(open, folder)).toEqual(await read(open, whole))
  }
})

test.for(names)('what %s was before is removed by the next writer', async (name) => {
  await using old = await oldStore(name)
  const { open, folder } = old
  await using before = await open(folder, 'read')
  await reembed(open, folder)
  // Who has the old one open reads it to the end.
  expect((await Array.fromAsync(before.getChunks())).length).toBe(3 * ids.length)
  await (await open(folder, 'write')).close()
  const left = (await readdir(folder)).filter((entry) => !entry.startsWith('LOCK'))
  expect(left.toSorted()).toEqual(['generation.json', 'generations'])
  expect((await read(open, folder)).model).toBe('new')
})

test.for(names)('while %s is embedded anew nobody else writes to it', async (name) => {
  await using old = await oldStore(name)
  const { open, folder } = old
  const refusals: Promise<unknown>[] = []
  await reembed(open, folder, {
    onEvent: ({ type }) => {
      if (type !== 'batch-committed') return
      const opening = open(folder, 'write').then((store) => store.close())
      refusals.push(opening.catch((error: unknown) => error))
    },
  })
  const codes = (await Promise.all(refusals)).map((error) => (isQuernError(error) ? error.code : 'opened'))
  expect(codes.length).toBeGreaterThan(2)
  // The last may come after the switch.
  expect(new Set(codes.slice(0, -1))).toEqual(new Set(['STORE_BUSY']))
})

test.for(names)('%s is not switched where a text does not fit, unless it is to be left out', async (name) => {
  await using old = await oldStore(name)
  const { open, folder } = old
  {
    await using store = await open(folder, 'write')
    const long = Array.from({ length: 150 }, (_, i) => `word${i}`).join(' ')
    await store.commit({ put: [await embeddedSource('docs/long.md', ['a short one', long])] })
  }
  const first = await reembed(open, folder)
  expect(first.report).toMatchObject({ outcome: 'kept', sources: { written: 7, failed: 1 } })
  expect(first.embedded).not.toContain('a short one')
  await using kept = await open(folder, 'read')
  expect(kept.space.model).toBe('fake')
  const second = await reembed(open, folder, { leaveOut: true })
  expect(second.report).toMatchObject({ outcome: 'switched', sources: { written: 0, kept: 7, failed: 1 } })
  expect(second.embedded).toEqual([])
  expect((await read(open, folder)).model).toBe('new')
})
