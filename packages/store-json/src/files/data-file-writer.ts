import type { FileOperations, NewFile } from '@quern/core/files'
import { storePath } from '../format/store-layout.ts'

/** A data file that is being written. */
export interface DataFileWriter {
  /** Path relative to the store. */
  readonly file: string
  /** Bytes appended so far: the offset of what comes next. */
  readonly bytes: number
  /**
   * Appends a copy of the data: its memory can be used again once this has resolved. Undefined where that is at once, as it mostly is, since a
   * promise for each line would be much of what a commit makes. One call at a time.
   */
  append(data: Uint8Array): Promise<void> | undefined
  /** Writes the rest and syncs. */
  finish(): Promise<void>
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
  let buffer = Buffer.alloc(0)
  let filled = 0
  let bytes = 0
  let closed = false

  const flush = async (): Promise<void> => {
    const data = buffer.subarray(0, filled)
    filled = 0
    if (data.length > 0) await target.write(data)
  }
  const reserve = (length: number): void => {
    if (length <= buffer.length) return
    const before = buffer.subarray(0, filled)
    buffer = Buffer.allocUnsafeSlow(Math.min(bufferBytes, Math.max(length, firstBufferBytes, buffer.length * 4)))
    buffer.set(before)
  }
  const keep = (data: Uint8Array): void => {
    reserve(filled + data.length)
    buffer.set(data, filled)
    filled += data.length
  }
  const flushAndAppend = async (data: Uint8Array): Promise<void> => {
    await flush()
    if (data.length > bufferBytes) await target.write(data)
    else keep(data)
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
    append(data) {
      bytes += data.length
      if (filled + data.length > bufferBytes) return flushAndAppend(data)
      keep(data)
      return undefined
    },
    async finish() {
      await flush()
      await target.sync()
      await close()
    },
    async discard() {
      await close()
      await operations.remove(path)
    },
  }
}
