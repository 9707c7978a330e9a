import { textHash } from './hashes.ts'
import type { JsonValue } from './metadata.ts'
import { QuernError } from './quern-error.ts'
import { vectorFault } from './similarity.ts'
import type { SourceState } from './source.ts'
import type { SourceChunks, StoreBatch } from './vector-store.ts'

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
  for (const [key, member] of Object.entries(value)) {
    if (!key.isWellFormed()) return 'has a key with a lone surrogate'
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

function checkChunks({ state, chunks }: SourceChunks, dimensions: number, chunkIds: Set<string>): void {
  if (chunks.length !== state.chunkCount) {
    refuse(`${state.id} says ${state.chunkCount} chunks and brings ${chunks.length}`, { source: state.id })
  }
  for (const [index, chunk] of chunks.entries()) {
    const details = { source: state.id, chunk: chunk.id }
    if (chunk.metadata.source !== state.id)
      refuse(`chunk ${chunk.id} of ${state.id} says it is of ${chunk.metadata.source}`, details)
    if (chunk.metadata.chunk !== index)
      refuse(`chunk ${chunk.id} of ${state.id} is number ${chunk.metadata.chunk} and stands at ${index}`, details)
    if (chunkIds.has(chunk.id)) refuse(`chunk id ${chunk.id} comes twice`, details)
    chunkIds.add(chunk.id)
    for (const [name, value] of [
      ['id', chunk.id],
      ['createdAt', chunk.createdAt],
    ] as const) {
      if (value === '' || !value.isWellFormed())
        refuse(`${name} of a chunk of ${state.id} is empty or not well-formed Unicode`, details)
    }
    for (const name of ['pageContent', 'embedText', 'metadata'] as const) {
      const fault = jsonFault(chunk[name], 0)
      if (fault !== undefined) refuse(`${name} of chunk ${chunk.id} of ${state.id} ${fault}`, details)
    }
    if (chunk.textHash !== textHash(chunk.embedText))
      refuse(`text hash of chunk ${chunk.id} of ${state.id} is not that of its text`, details)
    const fault = vectorFault(chunk.vector, dimensions)
    if (fault !== undefined) {
      throw new QuernError(
        'VECTOR_INVALID',
        `the vector of chunk ${chunk.id} of ${state.id} cannot be stored: ${fault}`,
        { details },
      )
    }
  }
}

/**
 * Refuses a batch that no store may accept, before anything of it is written: every clause of `VectorStore.commit` that can be
 * told from the batch alone. Stores call it first, so that they all refuse the same.
 */
export function checkBatch(batch: StoreBatch, dimensions: number): void {
  const sources = new Set<string>()
  const chunkIds = new Set<string>()
  const claim = (id: string): void => {
    if (sources.has(id)) refuse(`source ${id} stands in the batch twice`, { source: id })
    sources.add(id)
  }
  for (const put of batch.put ?? []) {
    checkState(put.state)
    claim(put.state.id)
    checkChunks(put, dimensions, chunkIds)
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

/** Whether a batch changes nothing. */
export function isEmptyBatch(batch: StoreBatch): boolean {
  return (batch.put?.length ?? 0) + (batch.touch?.length ?? 0) + (batch.delete?.length ?? 0) === 0
}
