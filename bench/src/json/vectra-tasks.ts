/** What vectra does on the work of `peer-tasks.ts`, each in a process of its own. */
import type { SourceChunks } from '@quern/core'
import { LocalIndex } from 'vectra'
import { answerTasks } from '../child-tasks.ts'
import { createGeneratedCorpus } from '../corpus/generated-corpus.ts'
import { folderSize } from '../folder-size.ts'
import { timed } from '../measure.ts'

const chunksPerDocument = 10

interface VectraItem {
  readonly id: string
  readonly vector: number[]
  readonly metadata: Record<string, string | number>
}

/** Metadata of vectra is flat; the text goes there, as its documentation has it. */
function toItems({ chunks }: SourceChunks): VectraItem[] {
  return chunks.map(({ id, pageContent, metadata, textHash, createdAt, vector }) => {
    const { source, title = '', chunk, start, end, lines, tokens } = metadata
    const place = { source, title, chunk, start, end, from: lines.from, to: lines.to, tokens }
    return { id, vector: [...vector], metadata: { ...place, textHash, createdAt, text: pageContent } }
  })
}

/** Ten items with new texts; they keep the ids of those whose place they take. */
function changedItems(chunks: number): VectraItem[] {
  const corpus = createGeneratedCorpus(chunks, chunksPerDocument)
  const before = corpus.document(0).chunks
  return toItems(corpus.document(0, 1)).map(({ vector, metadata }, i) => ({
    id: before[i]?.id ?? '',
    vector,
    metadata,
  }))
}

async function openLoaded(folder: string): Promise<LocalIndex> {
  const index = new LocalIndex(folder)
  await index.listItems()
  return index
}

const tasks = {
  async insert({ path, chunks }: { path: string; chunks: number }) {
    const index = new LocalIndex(path)
    const items = [...createGeneratedCorpus(chunks, chunksPerDocument).batches(1000)].flat().flatMap(toItems)
    const seconds = await timed(async () => {
      await index.createIndex({ version: 1 })
      await index.batchInsertItems(items)
    })
    return { seconds, bytes: (await folderSize(path)).bytes }
  },
  async upsertTogether({ path, chunks }: { path: string; chunks: number }) {
    const items = changedItems(chunks)
    const index = await openLoaded(path)
    const seconds = await timed(async () => {
      await index.beginUpdate()
      for (const item of items) await index.upsertItem(item)
      await index.endUpdate()
    })
    return { seconds }
  },
  async upsertOneByOne({ path, chunks }: { path: string; chunks: number }) {
    const items = changedItems(chunks)
    const index = await openLoaded(path)
    const seconds = await timed(async () => {
      for (const item of items) await index.upsertItem(item)
    })
    return { seconds }
  },
  async list({ path }: { path: string }) {
    return { seconds: await timed(() => openLoaded(path)) }
  },
  async query({ path, chunks, queries }: { path: string; chunks: number; queries: number }) {
    const index = await openLoaded(path)
    const [warmUp, ...measured] = createGeneratedCorpus(chunks, chunksPerDocument)
      .queries(queries + 1)
      .map(({ vector }) => Array.from(vector))
    await index.queryItems(warmUp ?? [], '', 10)
    const seconds: number[] = []
    for (const vector of measured) seconds.push(await timed(() => index.queryItems(vector, '', 10)))
    return { seconds }
  },
}

export type VectraTasks = typeof tasks
answerTasks(tasks)
