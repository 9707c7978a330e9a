import { createChunker } from '@quern/chunker'
import { openLlamaEmbedder } from '@quern/embedder'
import { openFileLoader } from '@quern/loader'
import { starterModel } from '@quern/model-starter'
import { indexCorpus, searchCorpus } from '@quern/pipeline'
import { openJsonStore } from '@quern/store-json'

const [data = 'data', storePath = '.quern', query] = process.argv.slice(2)

// Each line of news.jsonl is a source of its own: {"id": "4711", "headline": "…", "text": "…", "section": "…"}
const rule = { files: ['*.jsonl'], id: 'id', title: 'headline', text: ['headline', 'text'], metadata: ['section'] }
await using loader = await openFileLoader({ roots: [{ path: data, name: 'news' }], records: [rule] })
await using embedder = await openLlamaEmbedder({ modelPath: starterModel.path, model: starterModel.name })
await using store = await openJsonStore({ path: storePath, mode: 'write', space: embedder.space })
const chunker = createChunker({
  maxTokens: embedder.maxTokens,
  countTokens: (text) => embedder.countTokens(text),
  strategy: 'records',
})

const { sources, chunks } = await indexCorpus({ loader, chunker, embedder, store })
console.log(`${sources.new} new, ${sources.changed} changed, ${sources.deleted} gone; ${chunks.embedded} embedded`)

if (query !== undefined) {
  const filter = { field: 'section', op: 'eq', value: 'science' } as const
  for (const { score, chunk } of await searchCorpus({ store, embedder, query, filter, limit: 1 })) {
    console.log(score.toFixed(2), chunk.metadata.source, chunk.metadata.title)
  }
}
