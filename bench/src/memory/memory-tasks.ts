import { dirname } from 'node:path'
import { createChunker, estimateTokens } from '@quern/chunker'
import { createMemoryStore, sha256 } from '@quern/core'
import type { ListingEntry, Loader, Source, VectorStore } from '@quern/core'
import { openFileLoader } from '@quern/loader'
import { indexCorpus } from '@quern/pipeline'
import { openJsonStore } from '@quern/store-json'
import { openLanceStore } from '@quern/store-lancedb'
import { answerTasks } from '../child-tasks.ts'
import { composeText, topicWords } from '../corpus/compose-text.ts'
import { createRandomStream } from '../corpus/random-stream.ts'
import { createForgetfulEmbedder } from '../forgetful-embedder.ts'

const dimensions = 384
/** A source of five paragraphs comes to some twenty chunks. */
const paragraphsInSource = 5
const chunksInSource = 20

/** A source that is made when it is loaded. */
function generatedSource(index: number): Source {
  const id = `docs/${String(index).padStart(7, '0')}.md`
  return {
    id,
    size: index + 1,
    modifiedAt: '2026-11-23T08:15:30.000000001Z',
    observedAt: '2026-11-23T09:15:30.000000001Z',
    recipe: 'generated',
    hash: async () => sha256(id),
    async load() {
      const random = createRandomStream(7, index)
      const words = topicWords(index % 100)
      const texts = Array.from({ length: paragraphsInSource }, (_, i) => `${index} ${i} ${composeText(random, words)}`)
      return { document: { pageContent: texts.join('\n\n'), metadata: { source: id } }, contentHash: sha256(id) }
    },
  }
}

/** Sources of about so many chunks together. */
function createGeneratedLoader(chunks: number): Loader {
  const count = Math.ceil(chunks / chunksInSource)
  return {
    covers: () => true,
    async *list(): AsyncGenerator<ListingEntry> {
      for (let index = 0; index < count; index++) yield { type: 'source', source: generatedSource(index) }
    },
  }
}

/** A store that takes everything and keeps nothing. */
function createHollowStore(space: VectorStore['space']): VectorStore {
  const store = createMemoryStore({ space })
  store.commit = async () => {}
  return store
}

function openStore(type: 'none' | 'json' | 'lancedb', path: string, space: VectorStore['space']): Promise<VectorStore> {
  if (type === 'json') return openJsonStore({ path, mode: 'write', space })
  return type === 'lancedb'
    ? openLanceStore({ uri: path, mode: 'write', space })
    : Promise.resolve(createHollowStore(space))
}

function createTextChunker() {
  return createChunker({ maxTokens: 400, targetTokens: 260, countTokens: estimateTokens })
}

export const memoryTasks = {
  async indexGenerated({ type, chunks, path }: { type: 'none' | 'json' | 'lancedb'; chunks: number; path: string }) {
    const embedder = createForgetfulEmbedder(dimensions)
    const startedAt = performance.now()
    await using store = await openStore(type, path, embedder.space)
    const loader = createGeneratedLoader(chunks)
    const report = await indexCorpus({ loader, chunker: createTextChunker(), embedder, store })
    return { chunks: report.chunks.written, seconds: (performance.now() - startedAt) / 1000 }
  },

  async indexFile({ path }: { path: string }) {
    const embedder = createForgetfulEmbedder(dimensions)
    const startedAt = performance.now()
    await using store = createHollowStore(embedder.space)
    await using loader = await openFileLoader({ roots: [{ path: dirname(path), name: 'docs' }], maxFileBytes: 2 ** 31 })
    const { sources, chunks } = await indexCorpus({ loader, chunker: createTextChunker(), embedder, store })
    const seconds = (performance.now() - startedAt) / 1000
    return { sources: sources.new, chunks: chunks.written, failed: sources.failed, seconds }
  },
}

answerTasks(memoryTasks)
