import type * as Arrow from 'apache-arrow'

type ArrowLibrary = typeof Arrow

/** Length and nulls of a column; undefined stands for null. */
function shapeOf(values: readonly unknown[]): { length: number; nullCount: number; nullBitmap?: Uint8Array } {
  const { length } = values
  if (!values.includes(undefined)) return { length, nullCount: 0 }
  const nullBitmap = new Uint8Array(Math.ceil(length / 8))
  let nullCount = 0
  for (let index = 0; index < length; index++) {
    if (values[index] === undefined) nullCount++
    else nullBitmap[index >> 3] = (nullBitmap[index >> 3] as number) | (1 << (index & 7))
  }
  return { length, nullCount, nullBitmap }
}

/** Strings that are joined before they are encoded. One by one takes longer; all at once makes strings too large for the young generation. */
const stringsAtOnce = 64

/** Strings one after another. Null counts as empty. */
function joinInParts(values: readonly (string | undefined)[]): string[] {
  const parts: string[] = []
  for (let first = 0; first < values.length; first += stringsAtOnce) {
    parts.push(values.slice(first, first + stringsAtOnce).join(''))
  }
  return parts
}

/** UTF-8 of strings one after another, and where each begins and ends, in as many numbers of 32 bits as told, the lower half first. Null counts as empty. */
function encodeStrings(values: readonly (string | undefined)[], words: 1 | 2): { data: Buffer; offsets: ArrayBuffer } {
  const parts = joinInParts(values)
  let units = 0
  let bytes = 0
  for (const part of parts) {
    units += part.length
    bytes += Buffer.byteLength(part)
  }
  const data = Buffer.allocUnsafeSlow(bytes)
  let written = 0
  for (const part of parts) written += data.write(part, written)
  const offsets = new Uint32Array((values.length + 1) * words)
  if (bytes === 0) return { data, offsets: offsets.buffer }
  let end = 0
  for (let index = 0; index < values.length; index++) {
    const value = values[index]
    // As many bytes as units: all of it is ASCII.
    if (value !== undefined) end += bytes === units ? value.length : Buffer.byteLength(value)
    const at = (index + 1) * words
    offsets[at] = end
    // Arrow's own way, a BigInt for each, takes longer than all else.
    if (words === 2) offsets[at + 1] = end / 2 ** 32
  }
  return { data, offsets: offsets.buffer }
}

/** A column of strings. */
export function utf8Column(arrow: ArrowLibrary, values: readonly (string | undefined)[]): Arrow.Data<Arrow.Utf8> {
  const { data, offsets } = encodeStrings(values, 1)
  const valueOffsets = new Int32Array(offsets)
  return arrow.makeData({ type: new arrow.Utf8(), ...shapeOf(values), valueOffsets, data })
}

/** A column of strings that may be long. */
export function largeUtf8Column(
  arrow: ArrowLibrary,
  values: readonly (string | undefined)[],
): Arrow.Data<Arrow.LargeUtf8> {
  const { data, offsets } = encodeStrings(values, 2)
  const valueOffsets = new BigInt64Array(offsets)
  return arrow.makeData({ type: new arrow.LargeUtf8(), ...shapeOf(values), valueOffsets, data })
}

/** A column of numbers in double precision. */
export function float64Column(arrow: ArrowLibrary, values: readonly (number | undefined)[]): Arrow.Data<Arrow.Float64> {
  const data = new Float64Array(values.length)
  for (let index = 0; index < values.length; index++) data[index] = values[index] ?? 0
  return arrow.makeData({ type: new arrow.Float64(), ...shapeOf(values), data })
}

/** A column of truth values: 1 for true, 0 for false. Arrow's own type is written wrongly by its library where all values are null. */
export function truthColumn(arrow: ArrowLibrary, values: readonly (boolean | undefined)[]): Arrow.Data<Arrow.Int8> {
  const data = Int8Array.from(values, (value) => (value === true ? 1 : 0))
  return arrow.makeData({ type: new arrow.Int8(), ...shapeOf(values), data })
}

/** A column of lists of strings. */
export function stringListColumn(
  arrow: ArrowLibrary,
  values: readonly (readonly string[] | undefined)[],
): Arrow.Data<Arrow.List<Arrow.Utf8>> {
  const valueOffsets = new Int32Array(values.length + 1)
  for (const [index, value] of values.entries())
    valueOffsets[index + 1] = (valueOffsets[index] ?? 0) + (value?.length ?? 0)
  const child = utf8Column(
    arrow,
    values.flatMap((value) => value ?? []),
  )
  const type = new arrow.List(new arrow.Field('item', new arrow.Utf8(), true))
  return arrow.makeData({ type, ...shapeOf(values), valueOffsets, child })
}

/** A column of vectors. */
export function vectorColumn(
  arrow: ArrowLibrary,
  values: readonly (Float32Array | undefined)[],
  dimensions: number,
): Arrow.Data<Arrow.FixedSizeList<Arrow.Float32>> {
  // Not zeroed: each number is written below.
  const bytes = Buffer.allocUnsafeSlow(values.length * dimensions * Float32Array.BYTES_PER_ELEMENT)
  const data = new Float32Array(bytes.buffer)
  for (let index = 0; index < values.length; index++) {
    const value = values[index]
    if (value === undefined) data.fill(0, index * dimensions, (index + 1) * dimensions)
    else data.set(value, index * dimensions)
  }
  const child = arrow.makeData({ type: new arrow.Float32(), length: data.length, nullCount: 0, data })
  const type = new arrow.FixedSizeList(dimensions, new arrow.Field('item', new arrow.Float32(), true))
  return arrow.makeData({ type, ...shapeOf(values), child })
}
