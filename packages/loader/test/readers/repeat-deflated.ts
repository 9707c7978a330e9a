import { constants, deflateRawSync } from 'node:zlib'

/** The last block of a deflated stream, empty (RFC 1951). */
const lastBlock = Buffer.from([3, 0])

/** What deflating a text that repeats `unit` gives, without that text ever being in memory. */
export function repeatDeflated(unit: string | Uint8Array, times: number): Buffer {
  const block = deflateRawSync(unit, { finishFlush: constants.Z_FULL_FLUSH, level: 9 })
  return Buffer.concat([Buffer.alloc(block.length * times, block), lastBlock])
}
