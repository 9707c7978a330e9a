import { createHash } from 'node:crypto'
import type { FileOperations, NewFile } from '@quern/core/files'
import { storePath } from '../format/store-layout.ts'

/** A data file that is being written. */
export interface DataFileWriter {
  /** Path relative to the store. */
  readonly file: string
  /** Bytes appended so far: the offset of what comes next. */
  readonly bytes: number
  append(data: Uint8Array): Promise<void>
  /** Writes the rest and syncs. Returns the checksum (SHA-256, hex) of the file. */
  finish(): Promise<string>
  /** Closes and removes the file. */
  discard(): Promise<void>
}

const bufferBytes = 2 ** 20

/** Makes a data file of a store. Rejects with the system's errors. */
export async function createDataFile(store: string, file: string, operations: FileOperations): Promise<DataFileWriter> {
  const path = storePath(store, file)
  const target: NewFile = await operations.createFile(path)
  const hash = createHash('sha256')
  let pending: Uint8Array[] = []
  let pendingBytes = 0
  let bytes = 0
  let closed = false

  const flush = async (): Promise<void> => {
    const data = Buffer.concat(pending)
    pending = []
    pendingBytes = 0
    if (data.length === 0) return
    hash.update(data)
    await target.write(data)
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
      pending.push(data)
      pendingBytes += data.length
      bytes += data.length
      if (pendingBytes >= bufferBytes) await flush()
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
