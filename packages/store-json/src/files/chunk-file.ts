import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { QuernError, systemErrorCode } from '@quern/core'
import type { ChunkFileEntry } from '../format/manifest.ts'
import { corruptError, readError } from '../store-errors.ts'
import { storePath } from '../format/store-layout.ts'

/**
 * An open file of chunk lines. It stays readable after it has been removed from its folder, which is how a reader keeps its picture
 * of the store while a writer compacts.
 */
export interface ChunkFile extends ChunkFileEntry {
  readonly path: string
  /** Reads `bytes` bytes from `offset`. Rejects with `STORE_CORRUPT` when the file ends before, `STORE_CLOSED` once closed. */
  read(offset: number, bytes: number): Promise<Buffer>
  /** Twice is safe. */
  close(): Promise<void>
}

/** Most bytes asked of the system in one read: it refuses those of 2 GiB and more. */
const longestRead = 2 ** 30

async function readSome(
  handle: FileHandle,
  path: string,
  into: { buffer: Buffer; at: number; offset: number },
): Promise<number> {
  const { buffer, at, offset } = into
  try {
    const { bytesRead } = await handle.read(buffer, at, Math.min(buffer.length - at, longestRead), offset + at)
    return bytesRead
  } catch (error) {
    throw readError(path, error)
  }
}

async function readFully(handle: FileHandle, path: string, range: { offset: number; bytes: number }): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(range.bytes)
  let filled = 0
  while (filled < buffer.length) {
    const bytesRead = await readSome(handle, path, { buffer, at: filled, offset: range.offset })
    if (bytesRead === 0) throw corruptError(`it ends at byte ${range.offset + filled}`, { path })
    filled += bytesRead
  }
  return buffer
}

/** Opens a chunk file of a store. Rejects with the system's error when there is none, with `STORE_CORRUPT` when its size is another. */
export async function openChunkFile(store: string, { file, bytes }: ChunkFileEntry): Promise<ChunkFile> {
  const path = storePath(store, file)
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch (error) {
    throw systemErrorCode(error) === 'ENOENT' ? error : readError(path, error)
  }
  const { size } = await handle.stat()
  if (size !== bytes) {
    await handle.close()
    throw corruptError(`it has ${size} bytes instead of ${bytes}`, { path })
  }
  let closing: Promise<void> | undefined
  return {
    file,
    bytes,
    path,
    async read(offset, length) {
      if (closing !== undefined) throw new QuernError('STORE_CLOSED', `the store ${store} is closed`)
      return readFully(handle, path, { offset, bytes: length })
    },
    close: () => (closing ??= handle.close()),
  }
}
