import { decimalKernel } from './decimal-kernel.ts'
import { powersOfTen } from './powers-of-ten.ts'

const minus = 0x2d
const dot = 0x2e
const digitZero = 0x30
const comma = 0x2c
const openBracket = 0x5b
const closeBracket = 0x5d

/** Longest number that is written: sign, nine digits, point and a negative exponent of two digits, with room to spare. */
const longestNumber = 24

/** Nine significant digits tell any two floats apart; for the smallest number that is written so, 1e-6, these are so many places. */
const mostPlaces = 14

function isFloat(decimal: number, value: number): boolean {
  return Math.fround(decimal) === value
}

/** Digits of `mantissa`, at most nine, behind `0.`, `places` of them. Returns the end. */
function writeFraction(mantissa: number, places: number, target: Uint8Array, start: number): number {
  target[start] = digitZero
  target[start + 1] = dot
  const end = start + 2 + places
  // Nine digits fit into 32 bits, whose division is a fraction of the cost of a double's.
  let rest = mantissa | 0
  for (let at = end - 1; at > start + 1; at--) {
    const next = (rest / 10) | 0
    target[at] = digitZero + (rest - next * 10)
    rest = next
  }
  return end
}

/** The shortest of the decimals that JavaScript prints for this float; for numbers that are rare in vectors. */
function shortestText(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const decimal = Number(value.toPrecision(digits))
    if (isFloat(decimal, value)) return String(decimal)
  }
  return String(Number(value.toPrecision(9)))
}

/** Decimal places after which a number from 1e-6 to 1 has seven significant digits. */
function placesOfSevenDigits(magnitude: number): number {
  if (magnitude >= 0.1) return 7
  if (magnitude >= 0.01) return 8
  if (magnitude >= 0.001) return 9
  if (magnitude >= 0.0001) return 10
  return magnitude >= 0.00001 ? 11 : 12
}

/** 2^-10: from here to 0.001 the step between two floats is large against the seventh digit. */
const coarse = 0.0009765625

/**
 * Decimal places with which the search for the shortest decimal begins. Shorter decimals need no try: a float differs from one that stands
 * for it by half a step at most, which is less than half of the seventh digit, so with seven digits it comes out with zeros at its
 * end. Only from 2^-10 to 0.001 is the step larger.
 */
function firstPlaces(magnitude: number): number {
  const places = placesOfSevenDigits(magnitude)
  return magnitude >= coarse && magnitude < 0.001 ? places - 1 : places
}

/**
 * Writes the shortest decimal that `JSON.parse` and rounding to single precision turn into exactly this float (a finite one).
 * Returns the end.
 */
function writeFloat(value: number, target: Uint8Array, start: number): number {
  let at = start
  if (value < 0 || Object.is(value, -0)) target[at++] = minus
  const magnitude = Math.abs(value)
  if (magnitude === 0) {
    target[at++] = digitZero
    return at
  }
  if (magnitude >= 1e-6 && magnitude < 1) {
    for (let places = firstPlaces(magnitude); places <= mostPlaces; places++) {
      const power = powersOfTen[places] as number
      const decimal = Math.round(magnitude * power)
      if (!isFloat(decimal / power, magnitude)) continue
      let mantissa = decimal | 0
      let kept = places
      for (let next = (mantissa / 10) | 0; next * 10 === mantissa; next = (mantissa / 10) | 0) {
        mantissa = next
        kept--
      }
      return writeFraction(mantissa, kept, target, at)
    }
  }
  const text = shortestText(magnitude)
  for (let i = 0; i < text.length; i++) target[at++] = text.charCodeAt(i)
  return at
}

/** Most bytes that `encodeVector` can need for a vector of this many numbers. */
export function vectorBytesBound(dimensions: number): number {
  return dimensions * (longestNumber + 1) + 2
}

/** `encodeVector` without WebAssembly. */
export function encodeVectorPlainly(vector: Float32Array, target: Uint8Array, start: number): number {
  let at = start
  target[at++] = openBracket
  for (let i = 0; i < vector.length; i++) {
    if (i > 0) target[at++] = comma
    at = writeFloat(vector[i] as number, target, at)
  }
  target[at++] = closeBracket
  return at
}

/**
 * Writes a vector as a JSON array into `target` from `start` on, each number as the shortest decimal that gives back exactly the
 * same float. `target` has `vectorBytesBound` bytes left; the numbers are finite. Returns the end.
 */
export function encodeVector(vector: Float32Array, target: Uint8Array, start: number): number {
  const kernel = decimalKernel()
  if (kernel === undefined) return encodeVectorPlainly(vector, target, start)
  return kernel.encode(vector, target, start) ?? encodeInParts(vector, target, start)
}

/** So many numbers are written plainly together, since one of them is not as they mostly are. */
const writtenPlainly = 8

/** Writes halves of a vector, so that few of its numbers go the plain way with the one that the kernel does not write. */
function encodeInParts(vector: Float32Array, target: Uint8Array, start: number): number {
  if (vector.length <= writtenPlainly) return encodeVectorPlainly(vector, target, start)
  const half = vector.length >> 1
  const last = encodeVector(vector.subarray(0, half), target, start) - 1
  const end = encodeVector(vector.subarray(half), target, last)
  target[last] = comma
  return end
}
