/** A metadata value with its GGUF type. */
export type GgufValue =
  | { readonly type: 'uint32' | 'int32' | 'float32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int32s' | 'float32s'; readonly value: readonly number[] }
  | { readonly type: 'strings'; readonly value: readonly string[] }

/** A tensor of 32-bit floats, row after row. */
export interface GgufTensor {
  readonly name: string
  /** Number of columns, then number of rows if it has any. */
  readonly dimensions: readonly number[]
  readonly values: Float32Array
  /** Whether it is to be quantised with the others of its kind; llama.cpp adds some matrices and wants those as floats. */
  readonly quantise?: boolean
}

const typeIds = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8 } as const
const arrayTypeId = 9
const alignment = 32

function bytes(size: number, write: (view: DataView) => void): Buffer {
  const buffer = Buffer.alloc(size)
  write(new DataView(buffer.buffer, buffer.byteOffset, size))
  return buffer
}

const uint32 = (value: number): Buffer => bytes(4, (view) => view.setUint32(0, value, true))
const int32 = (value: number): Buffer => bytes(4, (view) => view.setInt32(0, value, true))
const float32 = (value: number): Buffer => bytes(4, (view) => view.setFloat32(0, value, true))
const uint64 = (value: number): Buffer => bytes(8, (view) => view.setBigUint64(0, BigInt(value), true))

function string(value: string): Buffer {
  const utf8 = Buffer.from(value)
  return Buffer.concat([uint64(utf8.length), utf8])
}

function array<T>(typeId: number, values: readonly T[], encode: (value: T) => Buffer): Buffer {
  return Buffer.concat([
    uint32(arrayTypeId),
    uint32(typeId),
    uint64(values.length),
    ...values.map((value) => encode(value)),
  ])
}

function encodeValue(entry: GgufValue): Buffer {
  switch (entry.type) {
    case 'uint32':
      return Buffer.concat([uint32(typeIds.uint32), uint32(entry.value)])
    case 'int32':
      return Buffer.concat([uint32(typeIds.int32), int32(entry.value)])
    case 'float32':
      return Buffer.concat([uint32(typeIds.float32), float32(entry.value)])
    case 'bool':
      return Buffer.concat([uint32(typeIds.bool), Buffer.from([entry.value ? 1 : 0])])
    case 'string':
      return Buffer.concat([uint32(typeIds.string), string(entry.value)])
    case 'int32s':
      return array(typeIds.int32, entry.value, int32)
    case 'float32s':
      return array(typeIds.float32, entry.value, float32)
    case 'strings':
      return array(typeIds.string, entry.value, string)
  }
}

function padded(data: Buffer): Buffer {
  const missing = (alignment - (data.length % alignment)) % alignment
  return Buffer.concat([data, Buffer.alloc(missing)])
}

function littleEndian(values: Float32Array): Buffer {
  return bytes(values.length * 4, (view) => {
    for (const [index, value] of values.entries()) view.setFloat32(index * 4, value, true)
  })
}

/** How the numbers of matrices are stored: as they are, or as 8-bit integers, 32 of which share a scale (ggml's Q8_0). */
export type MatrixType = 'f32' | 'q8_0'

const matrixTypeIds = { f32: 0, q8_0: 8 } as const
const blockSize = 32

/** Blocks of a half-precision scale and 32 signed bytes each, rounded as in ggml's `quantize_row_q8_0_ref`. */
function quantised(values: Float32Array): Buffer {
  const blockBytes = 2 + blockSize
  return bytes((values.length / blockSize) * blockBytes, (view) => {
    for (let block = 0; block * blockSize < values.length; block++) {
      const numbers = values.subarray(block * blockSize, (block + 1) * blockSize)
      const scale = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127
      view.setUint16(block * blockBytes, halfPrecision(scale), true)
      for (const [i, value] of numbers.entries()) {
        view.setInt8(block * blockBytes + 2 + i, scale === 0 ? 0 : Math.round(value / scale))
      }
    }
  })
}

/** Bits of a half-precision number near a positive one below 65,504; too small ones become 0. */
function halfPrecision(value: number): number {
  if (value < 2 ** -14) return 0
  const exponent = Math.floor(Math.log2(value))
  const fraction = Math.round((value / 2 ** exponent - 1) * 1024)
  return ((exponent + 15) << 10) + fraction
}

/**
 * A model file in the format GGUF, version 3 (specification: docs/gguf.md of the ggml project): magic, counts, metadata, a table of
 * tensors, then their data, each aligned to 32 bytes. The rows of quantised matrices have a multiple of 32 columns.
 */
export function encodeGguf(
  metadata: Readonly<Record<string, GgufValue>>,
  tensors: readonly GgufTensor[],
  matrices: MatrixType = 'f32',
): Buffer {
  const entries = Object.entries(metadata)
  const head = [Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(entries.length)]
  for (const [key, value] of entries) head.push(string(key), encodeValue(value))
  const data: Buffer[] = []
  let offset = 0
  for (const { name, dimensions, values, quantise = false } of tensors) {
    const isQuantised = matrices === 'q8_0' && quantise
    const type = isQuantised ? matrixTypeIds.q8_0 : matrixTypeIds.f32
    head.push(string(name), uint32(dimensions.length), ...dimensions.map(uint64), uint32(type), uint64(offset))
    const block = padded(isQuantised ? quantised(values) : littleEndian(values))
    data.push(block)
    offset += block.length
  }
  return Buffer.concat([padded(Buffer.concat(head)), ...data])
}
