import { createHash } from 'node:crypto'
import type { FileOperations, NewFile } from '@quern/core/files'
import { storePath } from '../format/store-layout.ts'

/** A data file that is being written. */
export interface DataFileWriter {
  /** Path relative to the store. */
  readonly file: string
  /** Bytes appended so far: the offset of what comes next. */
  readonly bytes: number
  /** Appends a copy of the data: its memory can be used again once this has resolved. One call at a time. */
  append(data: Uint8Array): Promise<void>
  /** Writes the rest and syncs. Returns the checksum (SHA-256, hex) of the file. */
  finish(): Promise<string>
  /** Closes and removes the file. */
  discard(): Promise<void>
}

/** Data are written in pieces of this length, but for longer ones that come in one. */
const bufferBytes = 2 ** 20
const firstBufferBytes = 2 ** 16

/** Makes a data file of a store. Rejects with the system's errors. */
export async function createDataFile(store: string, file: string, operations: FileOperations): Promise<DataFileWriter> {
  const path = storePath(store, file)
  const target: NewFile = await operations.createFile(path)
  const hash = createHash('sha256')
  let buffer = Buffer.alloc(0)
  let filled = 0
  let bytes = 0
  let closed = false

  const write = async (data: Uint8Array): Promise<void> => {
    if (data.length === 0) return
    hash.update(data)
    await target.write(data)
  }
  const flush = async (): Promise<void> => {
    const data = buffer.subarray(0, filled)
    filled = 0
    await write(data)
  }
  const reserve = (length: number): void => {
    if (length <= buffer.length) return
    const before = buffer.subarray(0, filled)
    buffer = Buffer.allocUnsafeSlow(Math.min(bufferBytes, Math.max(length, firstBufferBytes, buffer.length * 4)))
    buffer.set(before)
  }
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    await target.close()
  }
  return {
    file,
    get bytes() {
      return bytes
    },
    async append(data) {
      bytes += data.length
      if (filled + data.length > bufferBytes) await flush()
      if (data.length > bufferBytes) await write(data)
      else {
        reserve(filled + data.length)
        buffer.set(data, filled)
        filled += data.length
      }
    },
    async finish() {
      await flush()
      await target.sync()
      await close()
      return hash.digest('hex')
    },
    async discard() {
      await close()
      await operations.remove(path)
    },
  }
}
