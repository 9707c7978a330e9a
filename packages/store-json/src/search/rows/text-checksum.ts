import { crc32 } from 'node:zlib'

/**
 * CRC-32 of the part of a line before its vector: tells whether a text that is read by itself is the one that was checked with its whole
 * source when the rows were made.
 */
export function textChecksum(line: Uint8Array): number {
  return crc32(line)
}
