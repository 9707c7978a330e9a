import type { FileHandle } from 'node:fs/promises'

/** Reads a file from its beginning on, in small pieces, with few calls of the system. */
export interface ByteReader {
  /** Size of the file in bytes. */
  readonly size: number
  /** Bytes that were read or passed over so far. */
  readonly position: number
  /** Bytes in memory that come next, perhaps none; they stay valid until the next call only. */
  readonly upcoming: Buffer
  /** The next `length` bytes; they stay valid until the next call only. */
  read(length: number): Promise<Buffer>
  /** Passes over `length` bytes. */
  skip(length: number): Promise<void>
}

const blockBytes = 2 ** 18

/** A reader of an open file of `size` bytes. Asking for more than is left rejects with what `cutOff` makes. */
export function createByteReader(handle: FileHandle, size: number, cutOff: () => Error): ByteReader {
  let block: Buffer = Buffer.alloc(0)
  /** Position in the file of the block's first byte, and within the block of the next byte. */
  let blockStart = 0
  let next = 0

  const load = async (length: number): Promise<void> => {
    const position = blockStart + next
    const wanted = Math.min(Math.max(length, blockBytes), size - position)
    const buffer = Buffer.allocUnsafe(wanted)
    let filled = 0
    while (filled < wanted) {
      const { bytesRead } = await handle.read(buffer, filled, wanted - filled, position + filled)
      if (bytesRead === 0) throw cutOff()
      filled += bytesRead
    }
    block = buffer
    blockStart = position
    next = 0
  }
  const claim = (length: number): void => {
    if (blockStart + next + length > size) throw cutOff()
  }
  return {
    size,
    get position() {
      return blockStart + next
    },
    get upcoming() {
      return block.subarray(next)
    },
    async read(length) {
      claim(length)
      if (next + length > block.length) await load(length)
      next += length
      return block.subarray(next - length, next)
    },
    async skip(length) {
      claim(length)
      next += length
    },
  }
}
