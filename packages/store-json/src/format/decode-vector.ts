import { decimalKernel } from './decimal-kernel.ts'
import { powersOfTen } from './powers-of-ten.ts'

const minus = 0x2d
const dot = 0x2e
const digitZero = 0x30
const digitNine = 0x39
const comma = 0x2c
const openBracket = 0x5b
const closeBracket = 0x5d

/** Digits that always fit into a double's 53 bits. */
const exactDigits = 15

const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

interface Cursor {
  at: number
}

function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= digitZero && byte <= digitNine
}

/** Any number of JSON up to the next comma or bracket; NaN when there is none. */
function readAnyNumber(bytes: Buffer, start: number, cursor: Cursor): number {
  let end = start
  while (end < bytes.length && bytes[end] !== comma && bytes[end] !== closeBracket) end++
  cursor.at = end
  const text = bytes.toString('latin1', start, end).trim()
  return jsonNumber.test(text) ? Number(text) : Number.NaN
}

/** Gives the same number as `JSON.parse`: plain decimals of up to 15 digits by arithmetic, all else by `Number`. */
function readNumber(bytes: Buffer, cursor: Cursor): number {
  const start = cursor.at
  let at = start
  const negative = bytes[at] === minus
  if (negative) at++
  const firstDigit = at
  let mantissa = 0
  for (let byte = bytes[at]; isDigit(byte); byte = bytes[++at]) mantissa = mantissa * 10 + (byte - digitZero)
  const wholeDigits = at - firstDigit
  let places = 0
  if (bytes[at] === dot) {
    const point = at++
    for (let byte = bytes[at]; isDigit(byte); byte = bytes[++at]) mantissa = mantissa * 10 + (byte - digitZero)
    places = at - point - 1
    if (places === 0) return readAnyNumber(bytes, start, cursor)
  }
  const ends = bytes[at] === comma || bytes[at] === closeBracket
  const leadingZero = wholeDigits > 1 && bytes[firstDigit] === digitZero
  if (!ends || wholeDigits === 0 || leadingZero || wholeDigits + places > exactDigits) {
    return readAnyNumber(bytes, start, cursor)
  }
  cursor.at = at
  const magnitude = mantissa / (powersOfTen[places] as number)
  return negative ? -magnitude : magnitude
}

/** `decodeVector` without WebAssembly. */
export function decodeVectorPlainly(bytes: Buffer, start: number, target: Float32Array): string | undefined {
  if (bytes[start] !== openBracket) return 'it does not begin with ['
  const cursor: Cursor = { at: start + 1 }
  for (let i = 0; i < target.length; i++) {
    const number = readNumber(bytes, cursor)
    if (Number.isNaN(number)) return `number ${i} is none`
    target[i] = number
    const end = bytes[cursor.at++]
    if (i + 1 < target.length && end !== comma) return `it has ${i + 1} numbers instead of ${target.length}`
    if (i + 1 === target.length && end !== closeBracket) return `it has not exactly ${target.length} numbers`
  }
  return cursor.at === bytes.length ? undefined : 'something follows it'
}

/**
 * Reads the JSON array of numbers that begins at `start` and ends with `bytes`, into `target`. Returns what is wrong with it, or
 * undefined when it is a sound array of exactly `target.length` numbers.
 */
export function decodeVector(bytes: Buffer, start: number, target: Float32Array): string | undefined {
  if (decimalKernel()?.decode(bytes, start, target) === true) return undefined
  // Numbers that are written in another way, or something that is none: this tells which.
  return decodeVectorPlainly(bytes, start, target)
}
