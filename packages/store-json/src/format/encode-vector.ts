import { powersOfTen } from './powers-of-ten.ts'

const minus = 0x2d
const dot = 0x2e
const digitZero = 0x30
const comma = 0x2c
const openBracket = 0x5b
const closeBracket = 0x5d

/** Longest number that is written: sign, nine digits, point and a negative exponent of two digits, with room to spare. */
const longestNumber = 24

function isFloat(decimal: number, value: number): boolean {
  return Math.fround(decimal) === value
}

/** Digits of `mantissa` behind `0.`, `places` of them. Returns the end. */
function writeFraction(mantissa: number, places: number, target: Uint8Array, start: number): number {
  target[start] = digitZero
  target[start + 1] = dot
  const end = start + 2 + places
  let rest = mantissa
  for (let at = end - 1; at > start + 1; at--) {
    const next = Math.floor(rest / 10)
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

/** Decimal places after which a number from 1e-5 to 1 has six significant digits. */
function placesOfSixDigits(magnitude: number): number {
  if (magnitude >= 0.1) return 6
  if (magnitude >= 0.01) return 7
  if (magnitude >= 0.001) return 8
  return magnitude >= 0.0001 ? 9 : 10
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
  if (magnitude >= 1e-5 && magnitude < 1) {
    // Six digits tell apart all decimals of six digits (FLT_DIG), so the shortest one is among these four with its zeros cut off.
    const first = placesOfSixDigits(magnitude)
    for (let places = first; places <= first + 3; places++) {
      const power = powersOfTen[places] as number
      let mantissa = Math.round(magnitude * power)
      if (!isFloat(mantissa / power, magnitude)) continue
      let kept = places
      while (mantissa % 10 === 0) {
        mantissa /= 10
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

/**
 * Writes a vector as a JSON array into `target` from `start` on, each number as the shortest decimal that gives back exactly the
 * same float. `target` has `vectorBytesBound` bytes left; the numbers are finite. Returns the end.
 */
export function encodeVector(vector: Float32Array, target: Uint8Array, start: number): number {
  let at = start
  target[at++] = openBracket
  for (let i = 0; i < vector.length; i++) {
    if (i > 0) target[at++] = comma
    at = writeFloat(vector[i] as number, target, at)
  }
  target[at++] = closeBracket
  return at
}
