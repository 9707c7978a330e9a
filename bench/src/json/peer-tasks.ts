/** What the JSON store does on the work that vectra is given, each in a process of its own. */
import type { VectorStore } from '@quern/core'
import { openJsonStore } from '@quern/store-json'
import { answerTasks } from '../child-tasks.ts'
import { createGeneratedCorpus, space } from '../corpus/generated-corpus.ts'
import { folderSize } from '../folder-size.ts'
import { timed } from '../measure.ts'

const chunksPerDocument = 10

function openWriter(path: string): Promise<VectorStore> {
  return openJsonStore({ path, mode: 'write', space })
}

const tasks = {
  async insert({ path, chunks }: { path: string; chunks: number }) {
    const batches = [...createGeneratedCorpus(chunks, chunksPerDocument).batches(1000)]
    const seconds = await timed(async () => {
      await using store = await openWriter(path)
      for (const put of batches) await store.commit({ put })
    })
    return { seconds, bytes: (await folderSize(path)).bytes }
  },
  /** Ten chunks in one commit. */
  async upsertTogether({ path, chunks, round }: { path: string; chunks: number; round: number }) {
    const put = [createGeneratedCorpus(chunks, chunksPerDocument).document(0, round + 1)]
    await using store = await openWriter(path)
    return { seconds: await timed(() => store.commit({ put })) }
  },
  /** Ten commits, each of a source of ten chunks with one more of them changed. */
  async upsertOneByOne({ path, chunks, round }: { path: string; chunks: number; round: number }) {
    const corpus = createGeneratedCorpus(chunks, chunksPerDocument)
    const sources = Array.from({ length: 10 }, (_, i) => corpus.document(1, round + 1, i + 1))
    await using store = await openWriter(path)
    const seconds = await timed(async () => {
      for (const source of sources) await store.commit({ put: [source] })
    })
    return { seconds }
  },
  async list({ path }: { path: string }) {
    const seconds = await timed(async () => {
      await using store = await openWriter(path)
      for await (const _ of store.listSources());
    })
    return { seconds }
  },
  async query({ path, chunks, queries }: { path: string; chunks: number; queries: number }) {
    await using store = await openWriter(path)
    const [warmUp, ...measured] = createGeneratedCorpus(chunks, chunksPerDocument).queries(queries + 1)
    if (warmUp !== undefined) await store.search({ mode: 'vector', vector: warmUp.vector, limit: 10 })
    const seconds: number[] = []
    for (const { vector } of measured) {
      seconds.push(await timed(() => store.search({ mode: 'vector', vector, limit: 10 })))
    }
    return { seconds }
  },
}

export type PeerTasks = typeof tasks
answerTasks(tasks)
