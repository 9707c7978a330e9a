import { createReadStream } from 'node:fs'
import { systemErrorCode } from '@quern/core'
import { readError } from '../store-errors.ts'

const newline = 0x0a
const blockBytes = 2 ** 20

/** A line of a file, without its line feed. */
export interface FileLine {
  readonly bytes: Buffer
  /** Where it begins in the file. */
  readonly offset: number
  /** From 1. */
  readonly number: number
  /** Whether a line feed ends it; only the last line may be without. */
  readonly ended: boolean
}

async function* readBlocks(path: string): AsyncIterable<Buffer> {
  try {
    for await (const block of createReadStream(path, { highWaterMark: blockBytes })) yield block as Buffer
  } catch (error) {
    throw systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === undefined ? error : readError(path, error)
  }
}

/**
 * The lines of a file, read block by block; `seeBlock` gets the blocks. Rejects with the system's error when there is no such file,
 * with `STORE_UNREADABLE` when it cannot be read.
 */
export async function* readLines(path: string, seeBlock?: (block: Buffer) => void): AsyncIterable<FileLine> {
  // Parts of a line that goes over several blocks; joined once, so that a long line costs no more than its length.
  let parts: Buffer[] = []
  let offset = 0
  let number = 1
  const take = (last: Buffer, ended: boolean): FileLine => {
    const bytes = parts.length === 0 ? last : Buffer.concat([...parts, last])
    const line = { bytes, offset, number, ended }
    parts = []
    offset += bytes.length + 1
    number++
    return line
  }
  for await (const block of readBlocks(path)) {
    seeBlock?.(block)
    let start = 0
    for (let end = block.indexOf(newline); end >= 0; end = block.indexOf(newline, start)) {
      yield take(block.subarray(start, end), true)
      start = end + 1
    }
    if (start < block.length) parts.push(block.subarray(start))
  }
  if (parts.length > 0) yield take(Buffer.alloc(0), false)
}
