import { createChunker } from '@quern/chunker'
import { openLlamaEmbedder } from '@quern/embedder'
import { openFileLoader } from '@quern/loader'
import { starterModel } from '@quern/model-starter'
import { copyStore, indexCorpus, searchCorpus } from '@quern/pipeline'
import { openJsonStore } from '@quern/store-json'
import { openLanceStore } from '@quern/store-lancedb'

const [folder = 'docs', jsonPath = '.quern', lancePath = '.quern-lancedb'] = process.argv.slice(2)

await using loader = await openFileLoader({ roots: [{ path: folder }] })
await using embedder = await openLlamaEmbedder({ modelPath: starterModel.path, model: starterModel.name })
const { space } = embedder
const chunker = createChunker({ maxTokens: embedder.maxTokens, countTokens: (text) => embedder.countTokens(text) })

await using json = await openJsonStore({ path: jsonPath, mode: 'write', space })
const first = await indexCorpus({ loader, chunker, embedder, store: json })
console.log(`JSON:    ${first.chunks.embedded} chunks embedded`)

// The swap is this line. The copy brings everything over, and the next run goes on from there.
await using lance = await openLanceStore({ uri: lancePath, mode: 'write', space })
const { sources } = await copyStore({ from: json, to: lance })
const second = await indexCorpus({ loader, chunker, embedder, store: lance })
console.log(`LanceDB: ${sources.copied} sources copied, ${second.chunks.embedded} chunks embedded`)

for (const store of [json, lance]) {
  const [best] = await searchCorpus({ store, embedder, query: 'recover a damaged file', mode: 'vector', limit: 1 })
  console.log(best?.score.toFixed(2), best?.chunk.metadata.source, best?.chunk.metadata.lines.from)
}
