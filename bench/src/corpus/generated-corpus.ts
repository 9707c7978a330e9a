import type { EmbeddingSpace, SourceChunks, StoredChunk } from '@quern/core'
import { chunkId, sha256, textHash } from '@quern/core'
import { composeText, topicWords } from './compose-text.ts'
import { createRandomStream } from './random-stream.ts'
import type { VectorClusters } from './vector-clusters.ts'
import { createVectorClusters, dimensions } from './vector-clusters.ts'

/** Space of the generated vectors. */
export const space: EmbeddingSpace = { model: 'generated-384', dimensions, fingerprint: sha256('generated-384') }

const createdAt = '2026-11-23T08:15:30.000Z'
const modifiedAt = '2026-11-23T08:15:30.000000000Z'
const observedAt = '2026-11-23T08:15:32.000000000Z'

/** A question that some of the corpus answers. */
export interface GeneratedQuery {
  readonly vector: Float32Array
  /** Three words of the topic. */
  readonly text: string
}

/** Documents with vectors in clusters and texts of about 900 characters, made when asked for; the same on every machine. */
export interface GeneratedCorpus {
  readonly documents: number
  /** A document of the corpus. Another revision has other texts and vectors; with `changed`, only in that many chunks, the first ones. */
  document(index: number, revision?: number, changed?: number): SourceChunks
  /** All documents in batches of about `chunks` chunks; never more than one batch is in memory. */
  batches(chunks: number): Iterable<SourceChunks[]>
  /** Questions that are not in the corpus, each near one of its documents. */
  queries(count: number): GeneratedQuery[]
}

interface DocumentPlan {
  readonly source: string
  readonly words: readonly string[]
  readonly centre: Float64Array
}

interface ChunkPlan {
  readonly chunk: number
  readonly start: number
  readonly random: () => number
}

function makeChunk(
  clusters: VectorClusters,
  { source, words, centre }: DocumentPlan,
  { chunk, start, random }: ChunkPlan,
): StoredChunk {
  const text = composeText(random, words)
  const hash = textHash(text)
  const line = chunk * 12 + 1
  const metadata = {
    source,
    title: `On ${words.slice(0, 3).join(', ')}`,
    mediaType: 'text/markdown',
    headings: [`On ${words[0]}`, `Part ${chunk + 1}`],
    chunk,
    start,
    end: start + text.length,
    lines: { from: line, to: line + 11 },
    tokens: Math.round(text.length / 4),
  }
  const vector = clusters.vectorNear(centre, random)
  return {
    id: chunkId(source, hash, 0),
    pageContent: text,
    embedText: text,
    textHash: hash,
    metadata,
    vector,
    createdAt,
  }
}

/** A corpus of `chunks` chunks, in documents of 20 or of `chunksPerDocument`. */
export function createGeneratedCorpus(chunks: number, chunksPerDocument = 20): GeneratedCorpus {
  const clusters = createVectorClusters()
  const documents = Math.ceil(chunks / chunksPerDocument)

  const document = (index: number, revision = 0, changed = chunksPerDocument): SourceChunks => {
    const topic = clusters.topicOf(index)
    const id = `docs/topic-${topic}/${String(index).padStart(7, '0')}.md`
    const plan = { source: id, words: topicWords(topic), centre: clusters.centreOf(index) }
    const chunkCount = Math.min(chunksPerDocument, chunks - index * chunksPerDocument)
    const made: StoredChunk[] = []
    let size = 0
    for (let chunk = 0; chunk < chunkCount; chunk++) {
      const random = createRandomStream(8, index, chunk, chunk < changed ? revision : 0)
      const next = makeChunk(clusters, plan, { chunk, start: size, random })
      made.push(next)
      size = next.metadata.end + 1
    }
    const contentHash = sha256(`${id} ${revision} ${changed}`)
    const state = { id, contentHash, size, modifiedAt, observedAt, recipe: 'generated', chunkCount }
    return { state, chunks: made }
  }

  return {
    documents,
    document,
    *batches(size) {
      const step = Math.max(1, Math.round(size / chunksPerDocument))
      for (let first = 0; first < documents; first += step) {
        yield Array.from({ length: Math.min(step, documents - first) }, (_, i) => document(first + i))
      }
    },
    queries: (count) =>
      Array.from({ length: count }, (_, query) => {
        const random = createRandomStream(9, query)
        const near = Math.floor(random() * documents)
        const words = topicWords(clusters.topicOf(near))
        const text = [0, 1, 2].map(() => words[Math.floor(random() * words.length)]).join(' ')
        return { vector: clusters.vectorNear(clusters.centreOf(near), random), text }
      }),
  }
}
