import { open } from 'node:fs/promises'
import { createByteReader } from './byte-reader.ts'
import type { ByteReader } from './byte-reader.ts'

/** A metadata value of a GGUF file; arrays, such as the vocabulary, are passed over. */
type GgufScalar = string | number | bigint | boolean

/** What stands at the beginning of a GGUF file. */
export interface GgufHeader {
  readonly version: number
  /** By key, for instance `general.architecture`. */
  readonly metadata: ReadonlyMap<string, GgufScalar>
  /** Keys whose values are arrays. */
  readonly arrays: ReadonlySet<string>
  /** How many tensors, the weights, the file has. */
  readonly tensors: number
}

/** Thrown for a file that is not GGUF; its message completes "the file …". */
export class GgufError extends Error {
  override readonly name = 'GgufError'
}

const magic = 'GGUF'
const stringType = 8
const arrayType = 9
const longestKey = 65_535
const longestString = 2 ** 20
/** Of a tensor, for ggml. */
const mostDimensions = 4
const defaultAlignment = 32

type Decode = (bytes: Buffer) => GgufScalar

/** Size and decoder of each scalar type but strings, by the type's number. Little-endian, as the format has it by default. */
const scalars: ReadonlyMap<number, { readonly size: number; readonly decode: Decode }> = new Map([
  [0, { size: 1, decode: (bytes) => bytes.readUInt8() }],
  [1, { size: 1, decode: (bytes) => bytes.readInt8() }],
  [2, { size: 2, decode: (bytes) => bytes.readUInt16LE() }],
  [3, { size: 2, decode: (bytes) => bytes.readInt16LE() }],
  [4, { size: 4, decode: (bytes) => bytes.readUInt32LE() }],
  [5, { size: 4, decode: (bytes) => bytes.readInt32LE() }],
  [6, { size: 4, decode: (bytes) => bytes.readFloatLE() }],
  [7, { size: 1, decode: (bytes) => bytes.readUInt8() !== 0 }],
  [10, { size: 8, decode: (bytes) => bytes.readBigUInt64LE() }],
  [11, { size: 8, decode: (bytes) => bytes.readBigInt64LE() }],
  [12, { size: 8, decode: (bytes) => bytes.readDoubleLE() }],
])

async function readCount(reader: ByteReader, what: string): Promise<number> {
  const count = (await reader.read(8)).readBigUInt64LE()
  // Whatever is counted takes a byte at least.
  if (count > BigInt(reader.size)) throw new GgufError(`claims ${count} ${what}, more than it has room for`)
  return Number(count)
}

async function readString(reader: ByteReader, limit: number): Promise<string> {
  const length = await readCount(reader, 'bytes of text')
  if (length > limit) throw new GgufError(`has a text of ${length} bytes in its header`)
  return (await reader.read(length)).toString('utf8')
}

/** Passes over texts that lie in memory whole, at most `count`, without waiting for each; tells how many they were. */
async function skipUpcomingTexts(reader: ByteReader, count: number): Promise<number> {
  const bytes = reader.upcoming
  let skipped = 0
  let end = 0
  while (skipped < count && end + 8 <= bytes.length) {
    const next = end + 8 + bytes.readUInt32LE(end) + bytes.readUInt32LE(end + 4) * 2 ** 32
    if (next > bytes.length) break
    end = next
    skipped += 1
  }
  await reader.skip(end)
  return skipped
}

async function skipTexts(reader: ByteReader, count: number): Promise<void> {
  let left = count
  while (left > 0) {
    left -= await skipUpcomingTexts(reader, left)
    if (left === 0) return
    await reader.skip(await readCount(reader, 'bytes of text'))
    left -= 1
  }
}

async function skipArray(reader: ByteReader): Promise<void> {
  const type = (await reader.read(4)).readUInt32LE()
  const count = await readCount(reader, 'array elements')
  const scalar = scalars.get(type)
  if (scalar !== undefined) return reader.skip(count * scalar.size)
  if (type !== stringType) throw new GgufError(`has an array of the unknown type ${type} in its header`)
  await skipTexts(reader, count)
}

async function readValue(reader: ByteReader, type: number): Promise<GgufScalar | undefined> {
  if (type === arrayType) {
    await skipArray(reader)
    return undefined
  }
  if (type === stringType) return readString(reader, longestString)
  const scalar = scalars.get(type)
  if (scalar === undefined) throw new GgufError(`has a value of the unknown type ${type} in its header`)
  return scalar.decode(await reader.read(scalar.size))
}

function alignmentOf(metadata: ReadonlyMap<string, GgufScalar>): number {
  const alignment = metadata.get('general.alignment') ?? defaultAlignment
  if (Number.isSafeInteger(alignment) && Number(alignment) > 0) return Number(alignment)
  throw new GgufError(`has an alignment of ${alignment} in its header`)
}

/** Where the data of a tensor begins, counted from where those of the first one may begin. */
async function readTensorOffset(reader: ByteReader): Promise<number> {
  const name = await readString(reader, longestKey)
  const dimensions = (await reader.read(4)).readUInt32LE()
  if (dimensions > mostDimensions) throw new GgufError(`has a tensor "${name}" of ${dimensions} dimensions`)
  for (let dimension = 0; dimension < dimensions; dimension++) {
    if ((await reader.read(8)).readBigInt64LE() < 1n) throw new GgufError(`has a tensor "${name}" without numbers`)
  }
  await reader.skip(4)
  return Number((await reader.read(8)).readBigUInt64LE())
}

/** Reads the table of tensors, and sees that the file does not end before the last one begins. What it holds of that, llama.cpp checks. */
async function checkTensors(reader: ByteReader, count: number, alignment: number): Promise<void> {
  let last = 0
  for (let tensor = 0; tensor < count; tensor++) last = Math.max(last, await readTensorOffset(reader))
  const start = Math.ceil(reader.position / alignment) * alignment
  if (count > 0 && start + last >= reader.size) throw new GgufError('ends within its weights: it is cut off')
}

async function parseHeader(reader: ByteReader): Promise<GgufHeader> {
  if (reader.size < 24 || (await reader.read(4)).toString('latin1') !== magic) {
    throw new GgufError('does not begin like a GGUF file')
  }
  const version = (await reader.read(4)).readUInt32LE()
  if (version !== 2 && version !== 3)
    throw new GgufError(`is GGUF of version ${version}; versions 2 and 3 are understood`)
  const tensors = await readCount(reader, 'tensors')
  const pairs = await readCount(reader, 'header entries')
  const metadata = new Map<string, GgufScalar>()
  const arrays = new Set<string>()
  for (let i = 0; i < pairs; i++) {
    const key = await readString(reader, longestKey)
    const value = await readValue(reader, (await reader.read(4)).readUInt32LE())
    if (value === undefined) arrays.add(key)
    else metadata.set(key, value)
  }
  await checkTensors(reader, tensors, alignmentOf(metadata))
  return { version, metadata, arrays, tensors }
}

/**
 * Reads the metadata of a GGUF file without llama.cpp, so that a run with nothing to embed stays light. The format is described in
 * ggml's docs/gguf.md. Rejects with `GgufError` for a file that is not GGUF or ends before its last tensor begins, otherwise with the
 * system's error.
 */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  await using handle = await open(path, 'r')
  const { size } = await handle.stat()
  const reader = createByteReader(handle, size, () => new GgufError('ends within its header: it is cut off'))
  return await parseHeader(reader)
}
