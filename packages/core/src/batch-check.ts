import type { StoredChunk } from './chunk.ts'
import { textHash } from './hashes.ts'
import type { JsonValue } from './metadata.ts'
import { QuernError } from './quern-error.ts'
import { vectorFault } from './similarity.ts'
import type { SourceState } from './source.ts'
import type { StoreBatch } from './vector-store.ts'

const maxMetadataDepth = 64
const hex64 = /^[0-9a-f]{64}$/

/** Why `value` would not come back from JSON as it is, or undefined if it would. Keys with the value undefined count as absent. */
function jsonFault(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? undefined : 'holds a lone surrogate'
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? undefined : `is ${Object.is(value, -0) ? '-0' : value}`
    case 'boolean':
      return undefined
    case 'object':
      return value === null ? undefined : objectFault(value, depth)
    case 'undefined':
      return 'is undefined'
    default:
      return `is a ${typeof value}`
  }
}

function objectFault(value: object, depth: number): string | undefined {
  if (depth >= maxMetadataDepth) return `is nested deeper than ${maxMetadataDepth} levels`
  if (Array.isArray(value)) {
    for (const element of value as unknown[]) {
      const fault = jsonFault(element, depth + 1)
      if (fault !== undefined) return fault
    }
    return undefined
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    const maker: unknown = value.constructor
    return typeof maker === 'function' ? `is an instance of ${maker.name}` : 'is no plain object'
  }
  // Not `Object.entries`, which makes an array of each of them.
  for (const key of Object.keys(value)) {
    if (!key.isWellFormed()) return 'has a key with a lone surrogate'
    const member = (value as Readonly<Record<string, unknown>>)[key]
    const fault = member === undefined ? undefined : jsonFault(member, depth + 1)
    if (fault !== undefined) return fault
  }
  return undefined
}

function refuse(message: string, details: { [key: string]: JsonValue }): never {
  throw new QuernError('BATCH_INVALID', message, {
    details,
    hint: 'Nothing of this batch was written. Correct it and commit again.',
  })
}

function checkState(state: SourceState): void {
  const details = { source: state.id }
  if (state.id === '' || !state.id.isWellFormed()) refuse('a source id is empty or not well-formed Unicode', details)
  if (!hex64.test(state.contentHash)) refuse(`content hash of ${state.id} is not a SHA-256 in hex`, details)
  for (const [name, number] of [
    ['size', state.size],
    ['chunk count', state.chunkCount],
  ] as const) {
    if (!Number.isSafeInteger(number) || number < 0) refuse(`${name} of ${state.id} is ${number}`, details)
  }
  for (const text of [state.modifiedAt, state.observedAt, state.recipe]) {
    if (!text.isWellFormed()) refuse(`the state of ${state.id} holds a lone surrogate`, details)
  }
}

/** Why a chunk cannot stand at `index` in a source; undefined if it can, as far as its vector is not looked at. */
function chunkFault(chunk: StoredChunk, index: number, source: string): string | undefined {
  const { id, createdAt, metadata, pageContent, embedText } = chunk
  if (metadata.source !== source) return `chunk ${id} of ${source} says it is of ${metadata.source}`
  if (metadata.chunk !== index) return `chunk ${id} of ${source} is number ${metadata.chunk} and stands at ${index}`
  if (id === '' || !id.isWellFormed()) return `id of a chunk of ${source} is empty or not well-formed Unicode`
  if (createdAt === '' || !createdAt.isWellFormed())
    return `createdAt of a chunk of ${source} is empty or not well-formed Unicode`
  let fault = jsonFault(pageContent, 0)
  if (fault !== undefined) return `pageContent of chunk ${id} of ${source} ${fault}`
  fault = jsonFault(embedText, 0)
  if (fault !== undefined) return `embedText of chunk ${id} of ${source} ${fault}`
  fault = jsonFault(metadata, 0)
  if (fault !== undefined) return `metadata of chunk ${id} of ${source} ${fault}`
  if (chunk.textHash !== textHash(embedText)) return `text hash of chunk ${id} of ${source} is not that of its text`
  return undefined
}

/** Checks a chunk. Runs for each of millions: makes nothing unless it refuses. */
function checkChunk(chunk: StoredChunk, index: number, source: string, dimensions: number): void {
  const fault = chunkFault(chunk, index, source)
  if (fault !== undefined) refuse(fault, { source, chunk: chunk.id })
  const vectorReason = vectorFault(chunk.vector, dimensions)
  if (vectorReason === undefined) return
  throw new QuernError(
    'VECTOR_INVALID',
    `the vector of chunk ${chunk.id} of ${source} cannot be stored: ${vectorReason}`,
    { details: { source, chunk: chunk.id } },
  )
}

/** Chunks that are checked in a step: some milliseconds. */
const chunksInStep = 500

/** The same as `checkBatch`, in steps of some hundred chunks, so that whoever takes them can let others have their turn in between. */
export function* checkBatchInSteps(batch: StoreBatch, dimensions: number): Generator<undefined, void> {
  const sources = new Set<string>()
  const chunkIds = new Set<string>()
  const claim = (id: string): void => {
    if (sources.has(id)) refuse(`source ${id} stands in the batch twice`, { source: id })
    sources.add(id)
  }
  for (const { state, chunks } of batch.put ?? []) {
    checkState(state)
    claim(state.id)
    if (chunks.length !== state.chunkCount)
      refuse(`${state.id} says ${state.chunkCount} chunks and brings ${chunks.length}`, { source: state.id })
    let index = 0
    for (const chunk of chunks) {
      const before = chunkIds.size
      chunkIds.add(chunk.id)
      if (chunkIds.size === before) refuse(`chunk id ${chunk.id} comes twice`, { source: state.id, chunk: chunk.id })
      checkChunk(chunk, index, state.id, dimensions)
      index++
      if (chunkIds.size % chunksInStep === 0) yield
    }
  }
  for (const state of batch.touch ?? []) {
    checkState(state)
    claim(state.id)
  }
  for (const id of batch.delete ?? []) {
    if (!id.isWellFormed()) refuse('the id of a source to delete is not well-formed Unicode', { source: id })
    claim(id)
  }
}

/**
 * Refuses a batch that no store may accept, before anything of it is written: every clause of `VectorStore.commit` that can be
 * told from the batch alone. Stores call it first, so that they all refuse the same.
 */
export function checkBatch(batch: StoreBatch, dimensions: number): void {
  const steps = checkBatchInSteps(batch, dimensions)
  while (steps.next().done !== true);
}

/** Whether a batch changes nothing. */
export function isEmptyBatch(batch: StoreBatch): boolean {
  return (batch.put?.length ?? 0) + (batch.touch?.length ?? 0) + (batch.delete?.length ?? 0) === 0
}
