import { createChunker } from '@quern/chunker'
import { openLlamaEmbedder } from '@quern/embedder'
import { openFileLoader } from '@quern/loader'
import { starterModel } from '@quern/model-starter'
import { indexCorpus, searchCorpus } from '@quern/pipeline'
import { openJsonStore } from '@quern/store-json'

const [folder = 'books', storePath = '.quern', query = ''] = process.argv.slice(2)

await using loader = await openFileLoader({ roots: [{ path: folder }], include: ['**/*.pdf'] })
await using embedder = await openLlamaEmbedder({ modelPath: starterModel.path, model: starterModel.name })
await using store = await openJsonStore({ path: storePath, mode: 'write', space: embedder.space })
const chunker = createChunker({ maxTokens: embedder.maxTokens, countTokens: (text) => embedder.countTokens(text) })
await indexCorpus({ loader, chunker, embedder, store })

for (const { chunk } of await searchCorpus({ store, embedder, query, limit: 3 })) {
  const { title, source, page, pageEnd, pageLabel } = chunk.metadata
  const pages = pageEnd === undefined ? `p. ${page}` : `pp. ${page}-${pageEnd}`
  const printed = pageLabel === undefined ? '' : ` (printed ${pageLabel})`
  console.log(`"${chunk.pageContent.replaceAll(/\s+/g, ' ').slice(0, 70)}…"`)
  console.log(`  ${title}, ${pages}${printed}, ${source}#page=${page}`)
}
