/** What the LanceDB store does through its contract, each in a process of its own. */
import { connect } from '@lancedb/lancedb'
import type { SourceChunks } from '@quern/core'
import { answerTasks } from '../child-tasks.ts'
import type { GeneratedCorpus } from '../corpus/generated-corpus.ts'
import { createGeneratedCorpus } from '../corpus/generated-corpus.ts'
import { folderSize } from '../folder-size.ts'
import { timed } from '../measure.ts'
import { chunksPerDocument, limit } from './lance-corpus.ts'
import { loadBatches } from './load-batches.ts'
import { openStore } from './open-store.ts'
import { smallSources, smallSpace } from './small-sources.ts'

/** Size of a store on the disk, and the fragments of its tables. */
async function sizeOf(uri: string): Promise<{ bytes: number; files: number; fragments: number }> {
  const connection = await connect(uri, { readConsistencyInterval: 0 })
  let fragments = 0
  for (const name of await connection.tableNames()) {
    const table = await connection.openTable(name)
    fragments = Math.max(fragments, (await table.stats()).fragmentStats.numFragments)
  }
  connection.close()
  return { ...(await folderSize(uri)), fragments }
}

/** What is committed, where to and how. */
export interface IngestParams {
  readonly uri: string
  readonly chunks: number
  /** Chunks in a commit. */
  readonly batch: number
  /** Commits that are under way at once. */
  readonly inFlight?: number | undefined
}

function corpusOf(chunks: number): GeneratedCorpus {
  return createGeneratedCorpus(chunks, chunksPerDocument)
}

/** The document that small run number `run` changes, as it is after that. */
function changedByRun(corpus: GeneratedCorpus, run: number): SourceChunks {
  return corpus.document(run % corpus.documents, 1 + Math.floor(run / corpus.documents), 5)
}

const tasks = {
  /** Commits all chunks to a new store; the time of making them is not counted, that of closing is apart. */
  async ingest({ uri, chunks, batch, inFlight }: IngestParams) {
    const store = await openStore(uri, 'write')
    const batches = corpusOf(chunks).batches(batch)
    const loading = await loadBatches(batches, { inFlight, load: (put) => store.commit({ put }) })
    return { ...loading, close: await timed(() => store.close()) }
  },
  /** Commits many sources of one small chunk to a new store. */
  async ingestSources({ uri, sources, batch }: { uri: string; sources: number; batch: number }) {
    await using store = await openStore(uri, 'write', smallSpace)
    return await loadBatches(smallSources(sources, batch), { inFlight: 2, load: (put) => store.commit({ put }) })
  },
  /** Whatever upkeep the store does by itself: indexes among it. */
  async maintain({ uri }: { uri: string }) {
    await using store = await openStore(uri, 'write')
    return { seconds: await timed(() => store.maintain()) }
  },
  /** Commits of a source of ten chunks, five of them new, again and again. */
  async upsert({ uri, chunks, times }: { uri: string; chunks: number; times: number }) {
    const corpus = corpusOf(chunks)
    await using store = await openStore(uri, 'write')
    const seconds: number[] = []
    for (let time = 0; time < times; time++) {
      const put = [corpus.document(Math.floor((time * corpus.documents) / times), 1, 5)]
      seconds.push(await timed(() => store.commit({ put })))
    }
    return { seconds }
  },
  /** Opens the store and lists the states of all its sources. */
  async list({ uri }: { uri: string }) {
    let sources = 0
    const opening = performance.now()
    await using store = await openStore(uri, 'read', smallSpace)
    const open = (performance.now() - opening) / 1000
    const before = process.cpuUsage()
    const seconds = await timed(async () => {
      for await (const _ of store.listSources()) sources++
    })
    const { user, system } = process.cpuUsage(before)
    return { open, seconds, processorSeconds: (user + system) / 1e6, sources }
  },
  /** LanceDB's own flat scan and the store's search in turn, and the share of the scan's hits that the store finds. */
  async search({ uri, chunks, queries }: { uri: string; chunks: number; queries: number }) {
    await using store = await openStore(uri, 'read')
    const connection = await connect(uri, { readConsistencyInterval: 0 })
    const table = await connection.openTable('chunks')
    const [warmUp, ...measured] = corpusOf(chunks).queries(queries + 1)
    if (warmUp !== undefined) await store.search({ mode: 'vector', vector: warmUp.vector, limit })
    const outcome = { flat: [] as number[], store: [] as number[], recall: 0 }
    for (const { vector } of measured) {
      const scan = table.vectorSearch(vector).distanceType('cosine').bypassVectorIndex().limit(limit)
      let rows: { readonly id: string }[] = []
      let found: string[] = []
      outcome.flat.push(
        await timed(async () => {
          rows = (await scan.select(['id', '_distance']).toArray()) as typeof rows
        }),
      )
      outcome.store.push(
        await timed(async () => {
          found = (await store.search({ mode: 'vector', vector, limit })).map(({ chunk }) => chunk.id)
        }),
      )
      const expected = new Set(rows.map(({ id }) => id))
      outcome.recall += found.filter((id) => expected.has(id)).length / expected.size / measured.length
    }
    return outcome
  },
  /** Many runs on a store, each of which opens it, commits one changed source of ten chunks and closes it. */
  async smallRuns({ uri, chunks, runs }: { uri: string; chunks: number; runs: number }) {
    const corpus = corpusOf(chunks)
    const seconds: number[] = []
    for (let run = 0; run < runs; run++) {
      const put = [changedByRun(corpus, run)]
      seconds.push(
        await timed(async () => {
          await using store = await openStore(uri, 'write')
          await store.commit({ put })
        }),
      )
    }
    return { ...(await sizeOf(uri)), seconds }
  },
  /** The same store as `smallRuns` leaves, made in one go. */
  async freshAfterRuns({ uri, chunks, runs }: { uri: string; chunks: number; runs: number }) {
    const corpus = corpusOf(chunks)
    await using store = await openStore(uri, 'write')
    const put: SourceChunks[] = []
    for (let index = 0; index < corpus.documents; index++) {
      const last = Math.floor((runs - 1 - index) / corpus.documents)
      put.push(last < 0 ? corpus.document(index) : changedByRun(corpus, last * corpus.documents + index))
    }
    await store.commit({ put })
    return sizeOf(uri)
  },
  /** Size after the upkeep that a user asks for. */
  async sizeMaintained({ uri }: { uri: string }) {
    await using store = await openStore(uri, 'write')
    await store.maintain()
    return sizeOf(uri)
  },
}

export type StoreTasks = typeof tasks
answerTasks(tasks)
