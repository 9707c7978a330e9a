import { textHash } from '@quern/core'
import type { EmbeddingSpace, SourceState, StoredChunk } from '@quern/core'
import { decodeVector } from './vector-text.ts'

type Fields = Readonly<Record<string, unknown>>

/** Whether a value is an object with members, and no array. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Throws a plain error, to be told with the number of the line, unless each of these members has this type. */
function requireTypes(
  fields: Fields,
  types: Readonly<Record<string, 'string' | 'number' | 'object'>>,
  where: string,
): void {
  for (const [name, type] of Object.entries(types)) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined
    const isRight = type === 'object' ? isFields(value) : typeof value === type
    if (!isRight) throw new Error(`${where}.${name} is no ${type}`)
  }
}

const spaceTypes = { model: 'string', dimensions: 'number', fingerprint: 'string' } as const
const chunkTypes = { id: 'string', createdAt: 'string', metadata: 'object', pageContent: 'string' } as const
const stateTypes = {
  id: 'string',
  contentHash: 'string',
  size: 'number',
  modifiedAt: 'string',
  observedAt: 'string',
  recipe: 'string',
  chunkCount: 'number',
} as const

/** The space that a first line names. Throws a plain error when it is none. */
export function spaceOf(value: unknown): EmbeddingSpace {
  if (!isFields(value)) throw new Error('space is no object')
  requireTypes(value, spaceTypes, 'space')
  const { model, dimensions, fingerprint } = value as unknown as EmbeddingSpace
  if (!Number.isSafeInteger(dimensions) || dimensions < 1) throw new Error(`space.dimensions is ${dimensions}`)
  return { model, dimensions, fingerprint }
}

/** The state that a line of a source begins with. Throws a plain error when it is none. */
export function stateOf(value: unknown): SourceState {
  if (!isFields(value)) throw new Error('source is no object')
  requireTypes(value, stateTypes, 'source')
  const { id, contentHash, size, modifiedAt, observedAt, recipe, chunkCount } = value as unknown as SourceState
  return { id, contentHash, size, modifiedAt, observedAt, recipe, chunkCount }
}

function chunkOf(value: unknown, where: string): StoredChunk {
  if (!isFields(value)) throw new Error(`${where} is no object`)
  requireTypes(value, chunkTypes, where)
  const vector = decodeVector(value['vector'])
  if (vector === undefined) throw new Error(`${where}.vector is neither an array of numbers nor base64 of them`)
  const { id, createdAt, metadata, pageContent } = value as unknown as StoredChunk
  const embedText = value['embedText'] ?? pageContent
  if (typeof embedText !== 'string') throw new Error(`${where}.embedText is no string`)
  const hash = textHash(embedText)
  if ((value['textHash'] ?? hash) !== hash) throw new Error(`${where}.textHash is not that of its text`)
  return { id, pageContent, embedText, textHash: hash, metadata, vector, createdAt }
}

/** The chunks of a line, with the hashes of their texts. Throws a plain error when they are none. */
export function chunksOf(value: unknown): StoredChunk[] {
  if (!Array.isArray(value)) throw new Error('chunks is no array')
  return value.map((chunk, index) => chunkOf(chunk, `chunks[${index}]`))
}
