// What a user of the published packages writes, in plain JavaScript. Run by scripts/check-packages.ts in an empty project.
import assert from 'node:assert/strict'
import { createChunker } from '@quern/chunker'
import { createMemoryStore, isQuernError } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import { openLlamaEmbedder } from '@quern/embedder'
import { openOnnxEmbedder } from '@quern/embedder-onnx'
import { defineConfig } from '@quern/indexer'
import { QuernEmbeddings, QuernVectorStore } from '@quern/langchain'
import { openFileLoader } from '@quern/loader'
import { starterModel } from '@quern/model-starter'
import { indexCorpus, searchCorpus } from '@quern/pipeline'
import { openJsonStore } from '@quern/store-json'
import { openLanceStore } from '@quern/store-lancedb'

const loader = await openFileLoader({ roots: [{ path: 'docs' }] })
const embedder = await openLlamaEmbedder({ modelPath: starterModel.path, model: starterModel.name })
const { space, maxTokens } = embedder
const chunker = createChunker({ maxTokens, countTokens: (text) => embedder.countTokens(text) })
const query = 'How is grain ground by hand?'

const stores = [
  createMemoryStore({ space }),
  await openJsonStore({ path: 'json', mode: 'write', space }),
  await openLanceStore({ uri: 'lancedb', mode: 'write', space }),
]
for (const store of stores) {
  const { sources, chunks } = await indexCorpus({ loader, chunker, embedder, store })
  assert.deepEqual([sources.new, sources.failed, chunks.embedded], [2, 0, 2])
  const [hit] = await searchCorpus({ store, embedder, query, limit: 1 })
  assert.equal(hit.chunk.metadata.source, 'docs/mills.md')
  const [document] = await new QuernVectorStore(new QuernEmbeddings({ embedder }), { store }).similaritySearch(query, 1)
  assert.equal(document.metadata.source, 'docs/mills.md')
  await store.close()
}
await embedder[Symbol.asyncDispose]()
await loader.close()

assert.equal(createFakeEmbedder().space.dimensions, 32)
assert.deepEqual(defineConfig({ sources: ['docs'] }), { sources: ['docs'] })
await assert.rejects(openOnnxEmbedder({ modelFolder: 'none' }), (error) => isQuernError(error, 'MODEL_NOT_FOUND'))
console.log(`packages work on Node ${process.versions.node}`)
