import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { QuernError, systemErrorCode } from '@quern/core'
import type { ChunkFileEntry } from '../format/manifest.ts'
import type { LineForm } from '../format/split-lines.ts'
import { corruptError, readError } from '../store-errors.ts'
import { storePath } from '../format/store-layout.ts'

/**
 * An open file of chunk lines. It stays readable after it has been removed from its folder, which is how a reader keeps its picture
 * of the store while a writer compacts.
 */
export interface ChunkFile extends AsyncDisposable {
  /** Name by which ranges call it, relative to the store. */
  readonly file: string
  readonly bytes: number
  readonly path: string
  readonly form: LineForm
  /** Where in the file the offsets of ranges are counted from. */
  readonly base: number
  /**
   * Reads `bytes` bytes from `offset` after the base, into the beginning of `memory` where that is given. Rejects with `STORE_CORRUPT` when
   * the file ends before, `STORE_CLOSED` once closed.
   */
  read(offset: number, bytes: number, memory?: Buffer): Promise<Buffer>
  /** Reads `bytes` bytes from `position` in the file. Rejects likewise. */
  readAt(position: number, bytes: number): Promise<Buffer>
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

async function fill(handle: FileHandle, path: string, buffer: Buffer, offset: number): Promise<Buffer> {
  let filled = 0
  while (filled < buffer.length) {
    const bytesRead = await readSome(handle, path, { buffer, at: filled, offset })
    if (bytesRead === 0) throw corruptError(`it ends at byte ${offset + filled}`, { path })
    filled += bytesRead
  }
  return buffer
}

/** What an open file of chunks is called and how its ranges are counted. */
export interface ChunkFileOpening {
  /** Name by which ranges call the file, relative to the store. */
  readonly file: string
  /** Where it stands. */
  readonly path: string
  readonly form: LineForm
  /** Where in the file the offsets of ranges are counted from. */
  readonly base: number
}

/** An open file of chunks, of whatever size. `handle` is closed with it. */
export function wrapChunkFile(
  handle: FileHandle,
  bytes: number,
  { file, path, form, base }: ChunkFileOpening,
): ChunkFile {
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= handle.close())
  const readAt = async (position: number, length: number, memory?: Buffer): Promise<Buffer> => {
    if (closing !== undefined) throw new QuernError('STORE_CLOSED', `the store of ${path} is closed`)
    return fill(handle, path, memory?.subarray(0, length) ?? Buffer.allocUnsafe(length), position)
  }
  return {
    file,
    bytes,
    path,
    form,
    base,
    read: (offset, length, memory) => readAt(base + offset, length, memory),
    readAt,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Opens a file for reading. Rejects with the system's error when there is none, with `STORE_UNREADABLE` when it cannot be opened. */
export async function openToRead(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (error) {
    throw systemErrorCode(error) === 'ENOENT' ? error : readError(path, error)
  }
}

/** Opens a chunk file of a store. Rejects with the system's error when there is none, with `STORE_CORRUPT` when its size is another. */
export async function openChunkFile(
  store: string,
  { file, bytes }: Pick<ChunkFileEntry, 'file' | 'bytes'>,
): Promise<ChunkFile> {
  const path = storePath(store, file)
  const handle = await openToRead(path)
  const { size } = await handle.stat()
  if (size !== bytes) {
    await handle.close()
    throw corruptError(`it has ${size} bytes instead of ${bytes}`, { path })
  }
  return wrapChunkFile(handle, bytes, { file, path, form: 'lines', base: 0 })
}
