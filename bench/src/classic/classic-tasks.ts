/** The classic example in the naive way and with Quern, each task in a process of its own. */
import { readdir } from 'node:fs/promises'
import { createChunker } from '@quern/chunker'
import { openLlamaEmbedder } from '@quern/embedder'
import { openFileLoader } from '@quern/loader'
import { indexCorpus } from '@quern/pipeline'
import { openJsonStore } from '@quern/store-json'
import { answerTasks } from '../child-tasks.ts'
import { comeToRest } from '../come-to-rest.ts'
import { createStageClock } from '../end-to-end/stage-clock.ts'
import { timeStages } from '../end-to-end/time-stages.ts'
import { folderSize } from '../folder-size.ts'
import { timed } from '../measure.ts'
import { addNaively, embedNaively, loadModelNaively, loadNaively, saveNaively } from './naive-way.ts'

interface Place {
  /** Folder of the documents. */
  readonly folder: string
  /** Where the vectors are kept. */
  readonly path: string
  readonly modelPath: string
}

/** A model loaded in the naive way, and the seconds that it took. */
async function loadedModel(modelPath: string) {
  const startedAt = performance.now()
  const context = await loadModelNaively(modelPath)
  return { context, loadModel: (performance.now() - startedAt) / 1000 }
}

function nearest(query: readonly number[], vectors: readonly (readonly number[])[]): number[] {
  const scores = vectors.map((vector) => vector.reduce((sum, value, i) => sum + value * (query[i] as number), 0))
  return [...scores.keys()].toSorted((a, b) => (scores[b] as number) - (scores[a] as number)).slice(0, 10)
}

export const classicTasks = {
  async embedNaively({ folder, path, modelPath }: Place) {
    const names = (await readdir(folder)).toSorted()
    const { context, loadModel } = await loadedModel(modelPath)
    let documents: Awaited<ReturnType<typeof embedNaively>> = []
    const embed = await timed(async () => (documents = await embedNaively(folder, { names, context })))
    let bytes = 0
    const save = await timed(async () => (bytes = await saveNaively(path, documents)))
    return { run: loadModel + embed + save, loadModel, embed, save, bytes, documents: names.length }
  },

  /** Writes the file that the naive way would have, with vectors of the same model that are computed faster. Not timed. */
  async prepareNaively({ folder, path, storePath }: { folder: string; path: string; storePath: string }) {
    await using store = await openJsonStore({ path: storePath, mode: 'read' })
    const documents = []
    for await (const { pageContent, metadata, vector } of store.getChunks()) {
      const id = metadata.source.slice(metadata.source.lastIndexOf('/') + 1)
      documents.push({ id, content: pageContent, metadata: { source: id }, embedding: [...vector] })
    }
    if (documents.length !== (await readdir(folder)).length) throw new Error('a document has more than one chunk')
    return { bytes: await saveNaively(path, documents) }
  },

  /** To the ten documents that are nearest to the first one. */
  async loadNaively({ path }: { path: string }) {
    await comeToRest()
    const load = await timed(async () => {
      const vectors = (await loadNaively(path)).map(({ embedding }) => embedding)
      nearest(vectors[0] ?? [], vectors)
    })
    return { load }
  },

  async addNaively({ folder, path, modelPath }: Place) {
    const { context, loadModel } = await loadedModel(modelPath)
    let embedded = 0
    const add = await timed(async () => (embedded = await addNaively(path, folder, context)))
    return { run: loadModel + add, add, embedded }
  },

  /** A run, whether it is the first one or not. */
  async index({ folder, path, modelPath, hashCacheFolder }: Place & { readonly hashCacheFolder: string }) {
    const startedAt = performance.now()
    const clock = createStageClock()
    await using loader = await openFileLoader({ roots: [{ path: folder, name: 'notes' }] })
    await using embedder = await openLlamaEmbedder({ modelPath, hashCacheFolder, gpu: 'off' })
    const loadModel = await timed(async () => embedder.load())
    const chunker = createChunker({ maxTokens: embedder.maxTokens, countTokens: (text) => embedder.countTokens(text) })
    const store = await openJsonStore({ path, mode: 'write', space: embedder.space })
    const stages = timeStages({ loader, chunker, embedder, store }, clock)
    const report = await indexCorpus(stages)
    await stages.store.close()
    const run = (performance.now() - startedAt) / 1000
    const { embed, store: save } = clock.read()
    const { bytes } = await folderSize(path)
    const { tokens, chunks, sources } = report
    return {
      run,
      add: run - loadModel,
      loadModel,
      embed,
      save,
      bytes,
      documents: sources.new,
      embedded: chunks.embedded,
      tokens,
    }
  },

  /** To the ten chunks that are nearest to a vector, with their texts. */
  async load({ path, vector }: { path: string; vector: Float32Array }) {
    await comeToRest()
    const load = await timed(async () => {
      await using store = await openJsonStore({ path, mode: 'read' })
      await store.search({ mode: 'vector', vector, limit: 10 })
    })
    return { load }
  },

  async firstVector({ path }: { path: string }) {
    await using store = await openJsonStore({ path, mode: 'read' })
    for await (const { vector } of store.getChunks()) return { vector: Float32Array.from(vector) }
    throw new Error('nothing is stored')
  },
}

answerTasks(classicTasks)
