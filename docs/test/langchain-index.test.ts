import { join } from 'node:path'
import { Document } from '@langchain/core/documents'
import { index } from '@langchain/core/indexing'
import type { EmbeddingSpace, VectorStore } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import { QuernEmbeddings, QuernVectorStore } from '@quern/langchain'
import { verifyStore } from '@quern/pipeline'
import { openJsonStore } from '@quern/store-json'
import { openLanceStore } from '@quern/store-lancedb'
import { temporaryFolder } from '@quern/test-fixtures'
import { MemoryRecordManager } from '@quern/test-fixtures/memory-record-manager'
import { expect, test } from 'vitest'

type Open = (path: string, space: EmbeddingSpace) => Promise<VectorStore>

const openJson: Open = (path, space) => openJsonStore({ path, mode: 'write', space })
const openLance: Open = (path, space) => openLanceStore({ uri: path, mode: 'write', space })

function news(...texts: string[]): Document[] {
  return texts.map((pageContent) => new Document({ pageContent, metadata: { source: 'feed', lines: [1, 2] } }))
}

test.each([
  ['JSON', openJson],
  ['LanceDB', openLance],
])('LangChain’s index() keeps the %s store in step, and verify finds nothing wrong with it', async (_name, open) => {
  await using folder = await temporaryFolder()
  await using embedder = createFakeEmbedder()
  await using store = await open(join(folder.path, 'store'), embedder.space)
  const vectorStore = new QuernVectorStore(new QuernEmbeddings({ embedder }), { store })
  const recordManager = new MemoryRecordManager()
  const run = (docsSource: Document[]) =>
    index({ docsSource, recordManager, vectorStore, options: { cleanup: 'full', sourceIdKey: 'source' } })

  expect(await run(news('rye', 'wheat'))).toMatchObject({ numAdded: 2 })
  expect(await run(news('wheat', 'barley'))).toMatchObject({ numAdded: 1, numSkipped: 1, numDeleted: 1 })

  const [hit] = await vectorStore.similaritySearch('barley', 1, { source: 'feed' })
  expect(hit).toMatchObject({ pageContent: 'barley', metadata: { source: 'feed', lines: [1, 2] } })
  expect((await store.stats()).chunks).toBe(2)
  await embedder.load()
  expect(await Array.fromAsync(verifyStore({ store, embedder }))).toEqual([])
})
