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

async function skipArray(reader: ByteReader): Promise<void> {
  const type = (await reader.read(4)).readUInt32LE()
  const count = await readCount(reader, 'array elements')
  const scalar = scalars.get(type)
  if (scalar !== undefined) return reader.skip(count * scalar.size)
  if (type !== stringType) throw new GgufError(`has an array of the unknown type ${type} in its header`)
  for (let i = 0; i < count; i++) await reader.skip(await readCount(reader, 'bytes of text'))
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

async function parseHeader(reader: ByteReader): Promise<GgufHeader> {
  if (reader.size < 24 || (await reader.read(4)).toString('latin1') !== magic) {
    throw new GgufError('does not begin like a GGUF file')
  }
  const version = (await reader.read(4)).readUInt32LE()
  if (version !== 2 && version !== 3)
    throw new GgufError(`is GGUF of version ${version}; versions 2 and 3 are understood`)
  await readCount(reader, 'tensors')
  const pairs = await readCount(reader, 'header entries')
  const metadata = new Map<string, GgufScalar>()
  for (let i = 0; i < pairs; i++) {
    const key = await readString(reader, longestKey)
    const value = await readValue(reader, (await reader.read(4)).readUInt32LE())
    if (value !== undefined) metadata.set(key, value)
  }
  return { version, metadata }
}

/**
 * Reads the metadata of a GGUF file without llama.cpp, so that a run with nothing to embed stays light. The format is described in
 * ggml's docs/gguf.md. Rejects with `GgufError` for a file that is not GGUF or ends within its header, otherwise with the
 * system's error.
 */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  await using handle = await open(path, 'r')
  const { size } = await handle.stat()
  const reader = createByteReader(handle, size, () => new GgufError('ends within its header: it is cut off'))
  return await parseHeader(reader)
}
