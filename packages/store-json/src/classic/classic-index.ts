import type { FileHandle } from 'node:fs/promises'
import type { CallOptions } from '@quern/core'
import { errorMessage } from '@quern/core'
import { classicError } from './classic-errors.ts'
import type { JsonPiece } from './json-pieces.ts'
import { createJsonPieces } from './json-pieces.ts'

/** Where the entries of a classic file stand, and its other members. */
export interface ClassicIndex {
  /** Members of the file but the entries. */
  readonly members: Readonly<Record<string, unknown>>
  /** In the order of the file. */
  readonly entries: readonly JsonPiece[]
}

const blockBytes = 2 ** 20
const entryKey = 'embeddings'
/** Members beside the entries that are longer than this say nothing that is needed here. */
const longestMember = 2 ** 16

/** The text of a piece of a file. */
export async function readPiece(handle: FileHandle, { offset, length }: JsonPiece): Promise<string> {
  const bytes = Buffer.allocUnsafe(length)
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done)
    if (bytesRead === 0) return bytes.toString('utf8', 0, done)
    done += bytesRead
  }
  return bytes.toString('utf8')
}

async function findPieces(handle: FileHandle, path: string, { signal }: CallOptions): Promise<JsonPiece[]> {
  const pieces = createJsonPieces(entryKey)
  const found: JsonPiece[] = []
  const block = Buffer.allocUnsafe(blockBytes)
  for (let position = 0; ;) {
    signal?.throwIfAborted()
    const { bytesRead } = await handle.read(block, 0, blockBytes, position)
    if (bytesRead === 0) break
    position += bytesRead
    for (const piece of pieces.feed(block.subarray(0, bytesRead))) found.push(piece)
  }
  if (!pieces.ended) throw classicError(path, 'it ends early')
  if (!pieces.hasList) throw classicError(path, `it has no list ${entryKey}`)
  return found
}

/** Finds the entries of a classic file of any length without reading it as a whole. Rejects with `CORRUPT`, `signal.reason`. */
export async function indexClassicFile(handle: FileHandle, path: string, options: CallOptions): Promise<ClassicIndex> {
  const members: [key: string, value: unknown][] = []
  let pieces: JsonPiece[]
  try {
    pieces = await findPieces(handle, path, options)
    for (const piece of pieces) {
      if (piece.key === entryKey || piece.length > longestMember) continue
      members.push([piece.key, JSON.parse(await readPiece(handle, piece))])
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw classicError(path, errorMessage(error), error)
  }
  return { members: Object.fromEntries(members), entries: pieces.filter(({ key }) => key === entryKey) }
}
