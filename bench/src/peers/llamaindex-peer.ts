import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { loadPlainModel } from './plain-model.ts'
import { readTree } from './read-tree.ts'
import type { Peer, PeerPlace } from './run-peer.ts'

/** Installed elsewhere. */
const packageName = 'llamaindex'

interface Embedding {
  getTextEmbedding(text: string): Promise<number[]>
  getTextEmbeddings: (texts: string[]) => Promise<number[][]>
}

interface LlamaIndexStore {
  query(query: { queryEmbedding: number[]; similarityTopK: number; mode: string }): Promise<unknown>
  data: { embeddingDict: Record<string, unknown> }
}

/** What is used of the package `llamaindex`, which is no dependency of this repository. */
interface LlamaIndex {
  readonly Document: new (init: { text: string; id_: string }) => object
  readonly IngestionPipeline: new (init: object) => { run(input: { documents: object[] }): Promise<object[]> }
  readonly SentenceSplitter: new (init: { chunkSize: number; chunkOverlap: number }) => object
  readonly SimpleDocumentStore: new () => object
  readonly SimpleVectorStore: new () => LlamaIndexStore
  readonly BaseEmbedding: new () => Embedding
  readonly Settings: { embedModel: Embedding }
  readonly DocStoreStrategy: { readonly UPSERTS: string }
}

/** A place with a folder in which `llamaindex` was installed. */
export interface LlamaIndexPlace extends PeerPlace {
  readonly installed: string
}

async function importLlamaIndex(installed: string): Promise<LlamaIndex> {
  const require = createRequire(join(installed, 'package.json'))
  return (await import(pathToFileURL(require.resolve(packageName)).href)) as LlamaIndex
}

/** The ingestion pipeline of LlamaIndex TS with its own splitter and stores in memory, documents upserted by id. */
export async function openLlamaIndexPeer({ tree, modelPath, installed }: LlamaIndexPlace): Promise<Peer> {
  const library = await importLlamaIndex(installed)
  const model = await loadPlainModel(modelPath)
  class PlainEmbedding extends library.BaseEmbedding {
    override getTextEmbedding(text: string): Promise<number[]> {
      return model.embed(text)
    }

    override getTextEmbeddings = async (texts: string[]): Promise<number[][]> => {
      const vectors: number[][] = []
      for (const text of texts) vectors.push(await model.embed(text))
      return vectors
    }
  }
  const embedding = new PlainEmbedding()
  // The store of vectors takes its model from here.
  library.Settings.embedModel = embedding
  const vectorStore = new library.SimpleVectorStore()
  const pipeline = new library.IngestionPipeline({
    transformations: [new library.SentenceSplitter({ chunkSize: 384, chunkOverlap: 20 }), embedding],
    docStore: new library.SimpleDocumentStore(),
    docStoreStrategy: library.DocStoreStrategy.UPSERTS,
    vectorStore,
  })
  return {
    isKept: false,
    async update() {
      const documents: object[] = []
      for await (const { path, text } of readTree(tree)) documents.push(new library.Document({ text, id_: path }))
      await pipeline.run({ documents })
    },
    async search(question) {
      const queryEmbedding = await model.embed(question)
      return vectorStore.query({ queryEmbedding, similarityTopK: 10, mode: 'default' })
    },
    embedded: () => model.counts.embedded,
    chunks: async () => Object.keys(vectorStore.data.embeddingDict).length,
    cut: () => model.counts.cut,
  }
}
