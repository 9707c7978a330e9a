import { LocalDocumentIndex } from 'vectra'
import type { EmbeddingsModel } from 'vectra'
import { loadPlainModel } from './plain-model.ts'
import { readTree } from './read-tree.ts'
import type { Peer, PeerPlace } from './run-peer.ts'

/** vectra's index of documents, a document after the other, with its own splitter and the defaults of that. */
export async function openVectraPeer({ tree, path, modelPath }: PeerPlace): Promise<Peer> {
  const model = await loadPlainModel(modelPath)
  const embeddings: EmbeddingsModel = {
    maxTokens: 8000,
    async createEmbeddings(inputs) {
      const output: number[][] = []
      for (const text of [inputs].flat()) output.push(await model.embed(text))
      return { status: 'success', output }
    },
  }
  const index = new LocalDocumentIndex({ folderPath: path, embeddings })
  await index.createIndex({ version: 1 })
  return {
    isKept: true,
    async update() {
      for await (const file of readTree(tree)) await index.upsertDocument(file.path, file.text)
    },
    search: (question) => index.queryDocuments(question, { maxDocuments: 10, maxChunks: 10 }),
    embedded: () => model.counts.embedded,
    chunks: async () => (await index.listItems()).length,
    cut: () => model.counts.cut,
  }
}
