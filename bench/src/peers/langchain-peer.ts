import { RecursiveCharacterTextSplitter } from '@langchain/classic/text_splitter'
import { MemoryVectorStore } from '@langchain/classic/vectorstores/memory'
import { Document } from '@langchain/core/documents'
import { Embeddings } from '@langchain/core/embeddings'
import { index } from '@langchain/core/indexing'
import { MemoryRecordManager } from '@quern/test-fixtures/memory-record-manager'
import { loadPlainModel } from './plain-model.ts'
import type { PlainModel } from './plain-model.ts'
import { readTree } from './read-tree.ts'
import type { Peer, PeerPlace } from './run-peer.ts'

/** As `LlamaCppEmbeddings` of @langchain/community does it. */
class PlainEmbeddings extends Embeddings {
  readonly #model: PlainModel

  constructor(model: PlainModel) {
    super({})
    this.#model = model
  }

  override async embedDocuments(texts: string[]): Promise<number[][]> {
    const vectors: number[][] = []
    for (const text of texts) vectors.push(await this.#model.embed(text))
    return vectors
  }

  override embedQuery(text: string): Promise<number[]> {
    return this.#model.embed(text)
  }
}

/** The memory store with the method that `index()` asks for: it cannot remove anything by id itself. */
class DeletingMemoryStore extends MemoryVectorStore {
  override async delete({ ids }: { ids: string[] }): Promise<void> {
    const gone = new Set<string | undefined>(ids)
    this.memoryVectors = this.memoryVectors.filter(({ id }) => !gone.has(id))
  }

  override async addDocuments(documents: Document[], options?: { ids?: string[] }): Promise<void> {
    const withIds = documents.map(({ pageContent, metadata }, i) => {
      const id = options?.ids?.[i]
      return new Document({ pageContent, metadata, ...(id === undefined ? {} : { id }) })
    })
    await super.addDocuments(withIds)
  }
}

/** LangChain's `index()` with its memory store, its splitter as its documentation shows it, and cleanup `full`. */
export async function openLangchainPeer({ tree, modelPath }: PeerPlace): Promise<Peer> {
  const model = await loadPlainModel(modelPath)
  const vectorStore = new DeletingMemoryStore(new PlainEmbeddings(model))
  const recordManager = new MemoryRecordManager()
  const splitter = new RecursiveCharacterTextSplitter({ chunkSize: 1000, chunkOverlap: 200 })
  return {
    isKept: false,
    async update() {
      const files: Document[] = []
      for await (const { path, text } of readTree(tree)) {
        files.push(new Document({ pageContent: text, metadata: { source: path } }))
      }
      const docsSource = await splitter.splitDocuments(files)
      await index({ docsSource, recordManager, vectorStore, options: { cleanup: 'full', sourceIdKey: 'source' } })
    },
    search: (question) => vectorStore.similaritySearchWithScore(question, 10),
    embedded: () => model.counts.embedded,
    chunks: async () => vectorStore.memoryVectors.length,
    cut: () => model.counts.cut,
  }
}
