/** The bytes of one field of a protobuf message. */
export type Field = Buffer

const varintType = 0
const bytesType = 2
const fixed32Type = 5

function varint(value: number): Buffer {
  const groups: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 0x7fn) {
    groups.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  groups.push(Number(rest))
  return Buffer.from(groups)
}

function tag(number: number, wireType: number): Buffer {
  return varint(number * 8 + wireType)
}

/** A whole number; also of an enumeration. */
export function integer(number: number, value: number): Field {
  return Buffer.concat([tag(number, varintType), varint(value)])
}

/** A 32-bit float. */
export function float(number: number, value: number): Field {
  const data = Buffer.alloc(4)
  data.writeFloatLE(value)
  return Buffer.concat([tag(number, fixed32Type), data])
}

/** A string, or bytes. */
export function bytes(number: number, value: string | Uint8Array): Field {
  const data = typeof value === 'string' ? Buffer.from(value) : value
  return Buffer.concat([tag(number, bytesType), varint(data.length), data])
}

/** A message within a message. */
export function message(number: number, fields: readonly Field[]): Field {
  return bytes(number, Buffer.concat(fields))
}
