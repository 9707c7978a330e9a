/** What LanceDB itself does, each in a process of its own. */
import { rm } from 'node:fs/promises'
import { connect, Index } from '@lancedb/lancedb'
import type { Table } from '@lancedb/lancedb'
import type { SourceChunks } from '@quern/core'
import type { Schema, Table as ArrowTable } from 'apache-arrow'
import { answerTasks } from '../child-tasks.ts'
import { createGeneratedCorpus } from '../corpus/generated-corpus.ts'
import { timed } from '../measure.ts'
import type { ChunkRow } from './chunk-table.ts'
import { toArrowTable, toObjects, toRows } from './chunk-table.ts'
import { chunksPerDocument, limit } from './lance-corpus.ts'
import type { Loading } from './load-batches.ts'
import { inGroups, loadBatches } from './load-batches.ts'
import { openStore } from './open-store.ts'

async function openChunks(uri: string): Promise<Table> {
  const connection = await connect(uri, { readConsistencyInterval: 0 })
  return connection.openTable('chunks')
}

/** A new table with the columns and the primary key that the store has, taken from an empty one. */
async function createChunks(uri: string): Promise<Table> {
  const exampleUri = `${uri}-example`
  await (await openStore(exampleUri, 'write')).close()
  const schema = await (await openChunks(exampleUri)).schema()
  await rm(exampleUri, { recursive: true })
  const connection = await connect(uri, { readConsistencyInterval: 0 })
  return connection.createEmptyTable('chunks', schema)
}

/** Ways of replacing a source of ten chunks by one of which five are new: the five old ones have to go. */
export type ReplacementWay = 'removed rows' | 'merge, delete' | 'delete by source'

interface Replacement {
  readonly way: ReplacementWay
  readonly source: string
  readonly rows: readonly ChunkRow[]
  readonly obsolete: readonly string[]
}

/** Replaces a source in a table and returns the number of versions that this takes. */
async function replaceSource(table: Table, schema: Schema, replacement: Replacement): Promise<number> {
  const { way, source, rows, obsolete } = replacement
  const removed = way === 'removed rows' ? obsolete.map((id) => ({ id })) : []
  const merge = table.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll()
  if (way === 'delete by source') merge.whenNotMatchedBySourceDelete({ where: `source = '${source}'` })
  await merge.execute(toArrowTable([...rows, ...removed], schema))
  if (way !== 'merge, delete') return 1
  await table.delete(`id IN (${obsolete.map((id) => `'${id}'`).join(', ')})`)
  return 2
}

async function idsOf(query: { toArray(): Promise<unknown[]> }): Promise<string[]> {
  const rows = (await query.toArray()) as { readonly id: string }[]
  return rows.map(({ id }) => id)
}

/** What LanceDB is given: tables or objects that are there, or tables that are made of chunks in the call, as whoever has chunks must. */
export type RawInput = 'arrow' | 'arrow made in the call' | 'objects'

/** Batches that one way of loading gets before it is the turn of the next one. */
const withoutPause = 10

/** Ways of loading groups of batches, each into tables of its own. */
interface WaysInTurn extends AsyncDisposable {
  readonly ways: ReadonlyMap<string, (group: SourceChunks[][]) => Promise<Loading>>
}

async function openWaysInTurn(uri: string): Promise<WaysInTurn> {
  const table = await createChunks(`${uri}-raw`)
  const schema = await table.schema()
  const madeInCall = await createChunks(`${uri}-made`)
  const alone = await openStore(`${uri}-alone`, 'write')
  const paired = await openStore(`${uri}-paired`, 'write')
  const ways = new Map([
    [
      'table.add, Arrow tables',
      (group: SourceChunks[][]) =>
        loadBatches(
          group.map((sources) => toArrowTable(sources.flatMap(toRows), schema)),
          { withoutPause, load: (data) => table.add(data) },
        ),
    ],
    [
      'table.add, Arrow tables made in the call',
      (group: SourceChunks[][]) =>
        loadBatches(group, {
          withoutPause,
          load: (sources) => madeInCall.add(toArrowTable(sources.flatMap(toRows), schema)),
        }),
    ],
    [
      'Quern, one commit after another',
      (group: SourceChunks[][]) => loadBatches(group, { withoutPause, load: (put) => alone.commit({ put }) }),
    ],
    [
      'Quern, two commits under way',
      (group: SourceChunks[][]) =>
        loadBatches(group, { inFlight: 2, withoutPause, load: (put) => paired.commit({ put }) }),
    ],
  ])
  return {
    ways,
    async [Symbol.asyncDispose]() {
      await alone.close()
      await paired.close()
    },
  }
}

const tasks = {
  /** Adds all chunks; the time of making the chunks is not counted. */
  async ingest({ uri, chunks, batch, input }: { uri: string; chunks: number; batch: number; input: RawInput }) {
    const table = await createChunks(uri)
    const schema = await table.schema()
    const corpus = createGeneratedCorpus(chunks, chunksPerDocument).batches(batch)
    const tableOf = (sources: SourceChunks[]): ArrowTable => toArrowTable(sources.flatMap(toRows), schema)
    if (input === 'arrow made in the call')
      return loadBatches(corpus, { load: (sources) => table.add(tableOf(sources)) })
    function* batches(): Generator<ArrowTable | Record<string, unknown>[]> {
      for (const sources of corpus)
        yield input === 'arrow' ? tableOf(sources) : toObjects(sources.flatMap(toRows), schema)
    }
    return loadBatches(batches(), { load: (data) => table.add(data) })
  },
  /**
   * Loads the same batches into tables of LanceDB's own and into two stores, some batches each in turn, into new ones `times` times. Returns what
   * each took, by its name.
   */
  async loadInTurn({ uri, chunks, batch, times }: { uri: string; chunks: number; batch: number; times: number }) {
    const loaded = new Map<string, Loading[]>()
    for (let time = 0; time < times; time++) {
      await using opened = await openWaysInTurn(`${uri}-${time}`)
      for (const group of inGroups(createGeneratedCorpus(chunks, chunksPerDocument).batches(batch), withoutPause)) {
        for (const [name, load] of opened.ways) loaded.set(name, [...(loaded.get(name) ?? []), await load(group)])
      }
    }
    return loaded
  },
  /** Builds a vector index in place of the one that is there. */
  async buildIndex({ uri, type }: { uri: string; type: 'IVF_RQ' | 'IVF_PQ' }) {
    const table = await openChunks(uri)
    const distanceType = 'cosine'
    const config = type === 'IVF_RQ' ? Index.ivfRq({ distanceType }) : Index.ivfPq({ distanceType })
    return { seconds: await timed(() => table.createIndex('vector', { config, replace: true })) }
  },
  /** Merges ten rows, five of them new, again and again. */
  async upsert({ uri, chunks, times }: { uri: string; chunks: number; times: number }) {
    const table = await openChunks(uri)
    const schema = await table.schema()
    const corpus = createGeneratedCorpus(chunks, chunksPerDocument)
    const seconds: number[] = []
    for (let time = 0; time < times; time++) {
      const index = Math.floor((time * corpus.documents) / times)
      const data = toArrowTable(toRows(corpus.document(index, 1, 5)), schema)
      const merge = table.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll()
      seconds.push(await timed(() => merge.execute(data)))
    }
    return { seconds }
  },
  /** Replaces sources one after another, with indexes of the columns by which rows are looked up. */
  async replace({ uri, chunks, times, way }: { uri: string; chunks: number; times: number; way: ReplacementWay }) {
    const table = await openChunks(uri)
    const schema = await table.schema()
    for (const column of ['id', 'source']) await table.createIndex(column, { config: Index.btree(), replace: true })
    const corpus = createGeneratedCorpus(chunks, chunksPerDocument)
    const seconds: number[] = []
    let versions = 0
    for (let time = 0; time < times; time++) {
      const index = Math.floor(((time + 0.5) * corpus.documents) / times)
      const before = corpus.document(index).chunks.map(({ id }) => id)
      const after = corpus.document(index, 7, 5)
      const rows = toRows(after)
      const kept = new Set(after.chunks.map(({ id }) => id))
      const obsolete = before.filter((id) => !kept.has(id))
      const replacement = { way, source: after.state.id, rows, obsolete }
      seconds.push(await timed(async () => (versions += await replaceSource(table, schema, replacement))))
    }
    return { seconds, versions: versions / times }
  },
  /** Reads id, source and text hash of all rows. */
  async list({ uri }: { uri: string }) {
    const table = await openChunks(uri)
    let rows = 0
    const seconds = await timed(async () => {
      for await (const batch of table.query().select(['id', 'source', 'textHash'])) rows += batch.numRows
    })
    return { seconds, rows }
  },
  /** Flat and indexed search in turn, and the share of the flat scan's hits that the index finds. */
  async search({ uri, chunks, queries }: { uri: string; chunks: number; queries: number }) {
    const table = await openChunks(uri)
    const [warmUp, ...measured] = createGeneratedCorpus(chunks, chunksPerDocument).queries(queries + 1)
    const outcome = { flat: [] as number[], indexed: [] as number[], recall: 0 }
    const build = (vector: Float32Array) =>
      table.vectorSearch(vector).distanceType('cosine').limit(limit).select(['id', '_distance'])
    if (warmUp !== undefined) await idsOf(build(warmUp.vector).refineFactor(10))
    for (const { vector } of measured) {
      let expected: string[] = []
      let found: string[] = []
      outcome.flat.push(await timed(async () => (expected = await idsOf(build(vector).bypassVectorIndex()))))
      outcome.indexed.push(await timed(async () => (found = await idsOf(build(vector).refineFactor(10)))))
      outcome.recall += found.filter((id) => expected.includes(id)).length / expected.length / measured.length
    }
    return outcome
  },
}

export type RawTasks = typeof tasks
answerTasks(tasks)
