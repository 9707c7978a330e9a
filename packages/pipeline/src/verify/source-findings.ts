import { chunkId, textHash, vectorFault } from '@quern/core'
import type { SourceChunks, StoredChunk } from '@quern/core'
import type { StoreCheck, StoreFinding } from './store-finding.ts'

const hex64 = /^[0-9a-f]{64}$/

function stateFault({ state }: SourceChunks): string | undefined {
  if (!hex64.test(state.contentHash)) return 'its content hash is not a SHA-256'
  if (!Number.isSafeInteger(state.size) || state.size < 0) return `its size is ${state.size}`
  if (Number.isNaN(Date.parse(state.modifiedAt))) return `its modification time is "${state.modifiedAt}"`
  return undefined
}

type ChunkFault = (chunk: StoredChunk, index: number) => string | undefined

/** What is wrong with the place of a chunk in its source. Called in document order. */
function createPlaceCheck({ state }: SourceChunks): ChunkFault {
  const ordinals = new Map<string, number>()
  const seen = new Set<string>()
  return (chunk, index) => {
    const ordinal = ordinals.get(chunk.textHash) ?? 0
    ordinals.set(chunk.textHash, ordinal + 1)
    if (chunk.metadata.source !== state.id) return `it says that it is of ${chunk.metadata.source}`
    if (chunk.metadata.chunk !== index)
      return `it stands at ${index} and says that it is number ${chunk.metadata.chunk}`
    if (seen.has(chunk.id)) return 'its id comes twice'
    seen.add(chunk.id)
    // Chunks that were imported may have ids of their own.
    const isOurs = hex64.test(chunk.id)
    const expected = chunkId(state.id, chunk.textHash, ordinal)
    return isOurs && chunk.id !== expected ? 'its id is not that of its source and text' : undefined
  }
}

function textFault(chunk: StoredChunk): string | undefined {
  return chunk.textHash === textHash(chunk.embedText)
    ? undefined
    : 'its text does not have the hash that is stored of it'
}

function createVectorCheck(dimensions: number): ChunkFault {
  return ({ vector, createdAt }) => {
    const fault = vectorFault(vector, dimensions)
    if (fault !== undefined) return `of its vector, ${fault}`
    return Number.isNaN(Date.parse(createdAt)) ? `its vector was computed at "${createdAt}"` : undefined
  }
}

/** The first chunk at fault and the number of them, in a sentence. */
function firstFault(chunks: readonly StoredChunk[], check: ChunkFault): string | undefined {
  const faults = chunks.flatMap((chunk, index) => {
    const fault = check(chunk, index)
    return fault === undefined ? [] : [`chunk ${index} (${chunk.id.slice(0, 12)}): ${fault}`]
  })
  const [first] = faults
  return faults.length > 1 ? `${first}; so ${faults.length} of ${chunks.length} chunks` : first
}

/**
 * What is wrong with a source as a store gave it: with its state, the number, order and ids of its chunks, their texts and their vectors. One
 * finding for each kind of fault.
 */
export function sourceFindings(source: SourceChunks, dimensions: number): StoreFinding[] {
  const { state, chunks } = source
  const count =
    chunks.length === state.chunkCount
      ? undefined
      : `there are ${chunks.length} chunks, and its state says ${state.chunkCount}`
  const faults: readonly (readonly [StoreCheck, string | undefined])[] = [
    ['state', stateFault(source)],
    ['chunks', count ?? firstFault(chunks, createPlaceCheck(source))],
    ['text', firstFault(chunks, textFault)],
    ['vector', firstFault(chunks, createVectorCheck(dimensions))],
  ]
  return faults.flatMap(([check, message]) =>
    message === undefined ? [] : [{ check, place: state.id, message, sources: [state.id] }],
  )
}
