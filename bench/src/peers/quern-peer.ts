import { createChunker } from '@quern/chunker'
import { openLlamaEmbedder } from '@quern/embedder'
import { openFileLoader } from '@quern/loader'
import { indexCorpus, searchCorpus } from '@quern/pipeline'
import { openJsonStore } from '@quern/store-json'
import type { Peer, PeerPlace } from './run-peer.ts'

/** Quern with its JSON store, which is opened anew for each run; the model stays loaded, as those of the peers. */
export async function openQuernPeer({ tree, path, modelPath }: PeerPlace): Promise<Peer> {
  const embedder = await openLlamaEmbedder({ modelPath, gpu: 'off' })
  await embedder.load()
  const chunker = createChunker({ maxTokens: embedder.maxTokens, countTokens: (text) => embedder.countTokens(text) })
  const open = (mode: 'read' | 'write') => openJsonStore({ path, mode, space: embedder.space })
  let embedded = 0
  let reader: Awaited<ReturnType<typeof open>> | undefined
  return {
    isKept: true,
    async update() {
      await using loader = await openFileLoader({ roots: [{ path: tree, name: 'corpus' }] })
      await using store = await open('write')
      embedded += (await indexCorpus({ loader, chunker, embedder, store })).chunks.embedded
    },
    async search(question) {
      reader ??= await open('read')
      return searchCorpus({ store: reader, embedder, query: question, mode: 'vector', limit: 10 })
    },
    embedded: () => embedded,
    async chunks() {
      await using store = await open('read')
      return (await store.stats()).chunks
    },
    cut: () => 0,
  }
}
