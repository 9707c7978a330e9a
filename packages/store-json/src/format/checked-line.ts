import { errorMessage, sha256 } from '@quern/core'

const checkKey = ',"check":"'
const checkLength = 16
const closingBrace = 0x7d
/** Length of what stands behind the other members of a checked line. */
export const checkTailLength = checkKey.length + checkLength + '"}'.length

/** Thrown for a line that is not as it was written; its message completes "the line …". */
export class CheckedLineError extends Error {
  override readonly name = 'CheckedLineError'
}

function checkOf(text: string | Uint8Array): string {
  return sha256(text).slice(0, checkLength)
}

/**
 * An object as JSON with one more member at its end: `check`, the first 16 hexadecimal digits of the SHA-256 of the JSON without it. So
 * damage is seen without any other file.
 */
export function checkedJson(value: object): string {
  const text = JSON.stringify(value)
  return `${text.slice(0, -1)}${checkKey}${checkOf(text)}"}`
}

/** The same as one line, line feed included. */
export function encodeCheckedLine(value: object): Buffer {
  return Buffer.from(`${checkedJson(value)}\n`)
}

/** Why a line (without line feed) is not as it was written, to complete "the line …"; undefined for one that is. */
export function checkedLineFault(line: Buffer): string | undefined {
  const end = line.length - checkTailLength
  const tail = line.toString('latin1', Math.max(end, 0))
  if (!tail.startsWith(checkKey) || !tail.endsWith('"}')) return 'is cut off or has no checksum'
  const text = Buffer.from(line.subarray(0, end + 1))
  text[end] = closingBrace
  return checkOf(text) === tail.slice(checkKey.length, -2) ? undefined : 'is not the one that was written'
}

/** The object that a line (without line feed) was made from. Throws `CheckedLineError`. */
export function decodeCheckedLine(line: Buffer): object {
  const fault = checkedLineFault(line)
  if (fault !== undefined) throw new CheckedLineError(fault)
  return parseObject(`${line.toString('utf8', 0, line.length - checkTailLength)}}`)
}

/**
 * The same of a line that is known to be as it was written, as one of a file whose checksum is right; it has the member `check`, too. `end`: what
 * closes the object, when the line is only the first members.
 */
export function decodeSoundLine(line: Buffer, end = ''): object {
  return parseObject(line.toString() + end)
}

function parseObject(text: string): object {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new CheckedLineError(`is no JSON (${errorMessage(error)})`, { cause: error })
  }
  if (typeof value !== 'object' || value === null) throw new CheckedLineError('is no object')
  return value
}
