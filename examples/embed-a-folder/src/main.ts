import { createChunker } from '@quern/chunker'
import { openLlamaEmbedder } from '@quern/embedder'
import { openFileLoader } from '@quern/loader'
import { starterModel } from '@quern/model-starter'

await using loader = await openFileLoader({ roots: [{ path: process.argv[2] ?? '.' }] })
await using embedder = await openLlamaEmbedder({ modelPath: starterModel.path, model: starterModel.name })
await embedder.load()
const chunker = createChunker({ maxTokens: embedder.maxTokens, countTokens: (text) => embedder.countTokens(text) })
for await (const entry of loader.list()) {
  if (entry.type === 'skipped') continue
  const chunks = await Array.fromAsync(chunker.split((await entry.source.load()).document))
  const vectors = await Array.fromAsync(embedder.embedDocuments(chunks.map(({ embedText }) => embedText)))
  console.log(`${entry.source.id}: ${vectors.length} vectors of ${embedder.space.dimensions} numbers`)
}
