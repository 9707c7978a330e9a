import type { ChunkMetadata } from '@quern/core'
import { errorMessage, QuernError, vectorFault, vectorLength } from '@quern/core'
import { decodeBase64Vector } from '../format/base64-vector.ts'
import { classicError } from './classic-errors.ts'

/** An entry of the list of a classic file. */
export interface ClassicEntry {
  readonly id: string | undefined
  readonly content: string
  /** What the model has seen, where the file tells it; else the content. */
  readonly embedText: string
  readonly metadata: Readonly<Partial<ChunkMetadata>>
  /** Of unit length. */
  readonly vector: Float32Array
  readonly createdAt: string | undefined
}

type Members = Readonly<Record<string, unknown>>

/** Where an entry stands, for errors. */
export interface EntryPlace {
  readonly path: string
  /** From 0. */
  readonly index: number
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** How far from 1 the length of a vector may be that is kept bit for bit. The stores allow as much. */
const unitTolerance = 1e-3

function refuseVector({ path, index }: EntryPlace, fault: string): QuernError {
  return new QuernError('VECTOR_INVALID', `the vector of entry ${index} of ${path} cannot be taken over: ${fault}`, {
    hint: 'Nothing was imported. Make the file anew, or leave the entry out.',
    details: { file: path, entry: index },
  })
}

/** The numbers of an array, or of base64 in the order of this package. */
function readNumbers(value: unknown, dimensions: number, place: EntryPlace): Float32Array {
  if (typeof value === 'string') {
    const vector = new Float32Array(dimensions)
    const fault = decodeBase64Vector(Buffer.from(JSON.stringify(value)), 0, vector)
    if (fault !== undefined) throw refuseVector(place, fault)
    return vector
  }
  if (!Array.isArray(value) || !value.every((number) => typeof number === 'number')) {
    throw refuseVector(place, 'it is no list of numbers')
  }
  return Float32Array.from(value)
}

/** A vector of unit length is kept as it is; another one is brought to it, which leaves its direction alone. */
function toUnit(vector: Float32Array, dimensions: number, place: EntryPlace): Float32Array {
  const length = vectorLength(vector)
  const isUnit = Math.abs(length - 1) <= unitTolerance
  const unit = isUnit ? vector : vector.map((number) => number / length)
  const fault = length === 0 ? 'all its numbers are zero' : vectorFault(unit, dimensions, unitTolerance)
  if (fault !== undefined) throw refuseVector(place, fault)
  return unit
}

function firstText(members: Members, keys: readonly string[]): string | undefined {
  const value = keys.map((key) => members[key]).find((candidate) => candidate !== undefined)
  return typeof value === 'string' ? value : undefined
}

function readId(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Reads an entry. Throws `CORRUPT`, or `VECTOR_INVALID` for its vector. */
export function readClassicEntry(json: string, dimensions: number, place: EntryPlace): ClassicEntry {
  let members: unknown
  try {
    members = JSON.parse(json)
  } catch (error) {
    throw classicError(place.path, `entry ${place.index} is no JSON (${errorMessage(error)})`, error)
  }
  if (!isObject(members)) throw classicError(place.path, `entry ${place.index} is no object`)
  const content = firstText(members, ['content', 'text', 'pageContent'])
  if (content === undefined) throw classicError(place.path, `entry ${place.index} has no content`)
  const metadata = members['metadata'] ?? {}
  if (!isObject(metadata)) throw classicError(place.path, `the metadata of entry ${place.index} are no object`)
  const { embedPrefix, embedText, createdAt } = members
  const prefix = typeof embedPrefix === 'string' ? embedPrefix : ''
  return {
    id: readId(members['id']),
    content,
    embedText: typeof embedText === 'string' ? embedText : prefix + content,
    metadata: metadata as Partial<ChunkMetadata>,
    vector: toUnit(readNumbers(members['embedding'] ?? members['vector'], dimensions, place), dimensions, place),
    createdAt: typeof createdAt === 'string' && createdAt !== '' ? createdAt : undefined,
  }
}
