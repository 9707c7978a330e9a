import type { FileHandle } from 'node:fs/promises'
import type { SingleFileHead } from '../format/single-file.ts'
import { decodeSingleFileHead, headEnd, singleFileVersion } from '../format/single-file.ts'
import { singleFileName, storePath } from '../format/store-layout.ts'
import { corruptError, readError } from '../store-errors.ts'
import type { ChunkFile } from './chunk-file.ts'
import { openToRead, wrapChunkFile } from './chunk-file.ts'

/** Most heads are shorter, so that one read is enough. */
const blockBytes = 2 ** 20

/**
 * Everything up to the first entry of a single file; of a file that does not begin like one only the beginning, and all of one that does
 * and has no end of a head. Rejects with `STORE_UNREADABLE`.
 */
export async function readHeadText(handle: FileHandle, path: string): Promise<string> {
  let text = Buffer.alloc(0)
  for (;;) {
    const block = Buffer.allocUnsafe(Math.max(blockBytes, text.length))
    let bytesRead: number
    try {
      ;({ bytesRead } = await handle.read(block, 0, block.length, text.length))
    } catch (error) {
      throw readError(path, error)
    }
    const searched = Math.max(0, text.length - headEnd.length)
    const read = block.subarray(0, bytesRead)
    text = text.length === 0 ? read : Buffer.concat([text, read])
    const end = text.indexOf(headEnd, searched)
    if (end >= 0) return text.toString('utf8', 0, end + headEnd.length)
    if (bytesRead === 0 || singleFileVersion(text.toString('utf8', 0, 200)) === undefined) return text.toString('utf8')
  }
}

/** A store in a single file, open. */
export interface OpenSingleFile {
  readonly head: SingleFileHead
  readonly file: ChunkFile
}

async function checkSize(handle: FileHandle, { manifest }: SingleFileHead, path: string): Promise<void> {
  const { size } = await handle.stat()
  const bytes = manifest.chunkFiles[0]?.bytes
  if (size !== bytes) throw corruptError(`it has ${size} bytes instead of ${bytes}`, { path })
}

/**
 * Opens the single file of a store and reads its head; `seen`: what was read of it before. Rejects with the system's error when there is none, with `STORE_NEWER`,
 * `STORE_CORRUPT`, `STORE_UNREADABLE`.
 */
export async function openSingleFile(store: string, seen?: SingleFileHead): Promise<OpenSingleFile> {
  const path = storePath(store, singleFileName)
  const handle = await openToRead(path)
  try {
    const text = await readHeadText(handle, path)
    const head = text === seen?.text ? seen : decodeSingleFileHead(text, path)
    await checkSize(handle, head, path)
    const { bytes, header } = head.manifest.chunkFiles[0] as SingleFileHead['manifest']['chunkFiles'][number]
    return { head, file: wrapChunkFile(handle, bytes, { file: singleFileName, path, form: 'entries', base: header }) }
  } catch (error) {
    await handle.close()
    throw error
  }
}
