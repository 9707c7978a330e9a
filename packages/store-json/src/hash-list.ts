import type { StringList } from './string-list.ts'
import { createStringList } from './string-list.ts'

const hashBytes = 32

/** Whether the bytes of a hash stand at its place and give it back as it was. */
function isWritten(hash: string, bytes: Buffer, index: number): boolean {
  const start = index * hashBytes
  return bytes.write(hash, start, hashBytes, 'hex') === hashBytes && hashAt(bytes, index) === hash
}

function hashAt(bytes: Buffer, index: number): string {
  return bytes.toString('hex', index * hashBytes, (index + 1) * hashBytes)
}

/**
 * A copy of a list of hashes (SHA-256, hex), kept as their 32 bytes: as strings they would be most of what a writer of many chunks has in the heap. Other
 * strings are copied as they are.
 */
export function createHashList(hashes: readonly string[]): StringList {
  // Not out of the pool, of which a few bytes that are kept would keep all.
  const bytes = Buffer.allocUnsafeSlow(hashes.length * hashBytes)
  if (!hashes.every((hash, index) => isWritten(hash, bytes, index))) return [...hashes]
  return createStringList(hashes.length, (index) => hashAt(bytes, index))
}
