/** What the JSON store does, each in a process of its own. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openJsonStore } from '@quern/store-json'
import type { JsonStoreOptions } from '@quern/store-json'
import { answerTasks } from '../child-tasks.ts'
import { changedDocuments } from '../corpus/changed-documents.ts'
import type { GeneratedQuery } from '../corpus/generated-corpus.ts'
import { createGeneratedCorpus, space } from '../corpus/generated-corpus.ts'
import { folderSize } from '../folder-size.ts'
import { timed } from '../measure.ts'
import { comeToRest } from '../come-to-rest.ts'
import { searchNaively, searchWordsNaively, toNaiveRecords } from './naive-file.ts'
import type { NaiveRecord } from './naive-file.ts'

/** How the store writes. */
export type StoreFormat = Pick<JsonStoreOptions, 'layout' | 'encoding' | 'compression'>

const limit = 10

/** All records of a corpus, with texts or with vectors. */
function naiveRecords(chunks: number, part: 'content' | 'embedding'): NaiveRecord[] {
  const records: NaiveRecord[] = []
  for (const batch of createGeneratedCorpus(chunks).batches(1000)) {
    for (const record of batch.flatMap(toNaiveRecords)) {
      records.push(part === 'content' ? { ...record, embedding: [] } : { ...record, content: '' })
    }
  }
  return records
}

/** Bytes of what the store has derived from its files, and can do without. */
async function cacheSize(path: string): Promise<number> {
  const cache = join(path, 'cache')
  return existsSync(cache) ? (await folderSize(cache)).bytes : 0
}

const tasks = {
  /** Makes all chunks as `write` does, and writes nothing: for the memory that this takes. */
  async make({ chunks }: { chunks: number }) {
    let made = 0
    for (const put of createGeneratedCorpus(chunks).batches(1000)) {
      made += put.length
      await nextTurn()
    }
    return { made }
  },
  /** Writes all chunks, in commits of about 1,000. */
  async write({ path, chunks, format }: { path: string; chunks: number; format: StoreFormat }) {
    let seconds = 0
    const opening = performance.now()
    const store = await openJsonStore({ path, mode: 'write', space, ...format })
    seconds += (performance.now() - opening) / 1000
    for (const put of createGeneratedCorpus(chunks).batches(1000)) seconds += await timed(() => store.commit({ put }))
    seconds += await timed(() => store.close())
    const { bytes } = await folderSize(path)
    const cacheBytes = await cacheSize(path)
    return { seconds, bytes: bytes - cacheBytes, cacheBytes }
  },
  /** From nothing to the first answer, which needs all vectors. */
  async load({ path, query, vectorCache }: { path: string; query: GeneratedQuery; vectorCache: boolean }) {
    await comeToRest()
    const seconds = await timed(async () => {
      const store = await openJsonStore({ path, mode: 'read', vectorCache })
      await store.search({ mode: 'vector', vector: query.vector, limit })
      await store.close()
    })
    return { seconds }
  },
  /** What a run without changes does: opens as the writer and lists all sources. */
  async list({ path }: { path: string }) {
    let sources = 0
    await comeToRest()
    const seconds = await timed(async () => {
      const store = await openJsonStore({ path, mode: 'write', space })
      for await (const _ of store.listSources()) sources++
      await store.close()
    })
    return { seconds, sources }
  },
  /** A run with 200 changed chunks: opens, lists, commits, closes. */
  async change({ path, chunks, format, round }: { path: string; chunks: number; format: StoreFormat; round: number }) {
    const put = changedDocuments(createGeneratedCorpus(chunks), round)
    await comeToRest()
    const startedAt = performance.now()
    const store = await openJsonStore({ path, mode: 'write', space, ...format })
    for await (const _ of store.listSources());
    const save = await timed(() => store.commit({ put }))
    await store.close()
    return { run: (performance.now() - startedAt) / 1000, save }
  },
  /** Searches by vector and by the naive loop in turn; seconds each, and the share of hits on which both agree. */
  async search({ path, chunks, queries }: { path: string; chunks: number; queries: number }) {
    const records = naiveRecords(chunks, 'embedding')
    await using store = await openJsonStore({ path, mode: 'read' })
    const [warmUp, ...measured] = createGeneratedCorpus(chunks).queries(queries + 1)
    const outcome = { naive: [] as number[], store: [] as number[], agreement: 0 }
    if (warmUp !== undefined) await store.search({ mode: 'vector', vector: warmUp.vector, limit })
    for (const { vector } of measured) {
      const numbers = [...vector]
      let expected: string[] = []
      let found: string[] = []
      outcome.naive.push(await timed(() => (expected = searchNaively(records, numbers, limit))))
      outcome.store.push(
        await timed(async () => {
          found = (await store.search({ mode: 'vector', vector, limit })).map(({ chunk }) => chunk.id)
        }),
      )
      outcome.agreement += found.filter((id) => expected.includes(id)).length / expected.length / measured.length
    }
    return outcome
  },
  /** Searches for words and by the naive loop in turn; the store's first answer is apart. */
  async words({ path, chunks, queries }: { path: string; chunks: number; queries: number }) {
    const records = naiveRecords(chunks, 'content')
    const [warmUp, ...measured] = createGeneratedCorpus(chunks).queries(queries + 1)
    const openedAt = performance.now()
    await using store = await openJsonStore({ path, mode: 'read' })
    await store.search({ mode: 'keyword', text: warmUp?.text ?? '', limit })
    const outcome = { first: (performance.now() - openedAt) / 1000, naive: [] as number[], store: [] as number[] }
    for (const { text } of measured) {
      outcome.naive.push(await timed(() => searchWordsNaively(records, text, limit)))
      outcome.store.push(await timed(() => store.search({ mode: 'keyword', text, limit })))
    }
    return outcome
  },
}

export type StoreTasks = typeof tasks
answerTasks(tasks)
