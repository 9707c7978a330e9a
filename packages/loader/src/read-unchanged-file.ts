import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { errorMessage, isQuernError, QuernError, systemErrorCode } from '@quern/core'
import { factsOf } from './file-system.ts'

/** A file as a listing saw it. */
export interface SeenFile {
  /** Id of its source, for messages. */
  readonly id: string
  readonly path: string
  readonly size: number
  readonly modifiedAt: string
}

const blockBytes = 1024 * 1024
// Opening a FIFO that took the file's place would wait for a writer; with this flag it does not.
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

function changedError(file: SeenFile, found: string): QuernError {
  const listed = `${file.size} bytes of ${file.modifiedAt}`
  return new QuernError('CHANGED_WHILE_READING', `${file.id} changed after it was listed: ${listed}, now ${found}`, {
    hint: 'Run again when nothing writes to it.',
    details: { source: file.id },
  })
}

function unreadableError(file: SeenFile, cause: unknown): QuernError {
  const gone = systemErrorCode(cause) === 'ENOENT'
  return new QuernError('UNREADABLE', `${file.id} cannot be read: ${errorMessage(cause)}`, {
    hint: gone ? 'It was removed after it was listed. Run again.' : 'Check its permissions, or exclude it.',
    cause,
    details: { source: file.id },
  })
}

async function requireUnchanged(handle: FileHandle, file: SeenFile): Promise<void> {
  const { kind, size, modifiedAt } = factsOf(await handle.stat({ bigint: true }))
  if (kind !== 'file') throw changedError(file, `a ${kind}`)
  if (size !== file.size || modifiedAt !== file.modifiedAt) throw changedError(file, `${size} bytes of ${modifiedAt}`)
}

async function* readBlocks(handle: FileHandle, file: SeenFile, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  await requireUnchanged(handle, file)
  const buffer = Buffer.allocUnsafeSlow(Math.min(file.size + 1, blockBytes))
  let total = 0
  for (;;) {
    signal?.throwIfAborted()
    const { bytesRead } = await handle.read(buffer, 0, buffer.length)
    if (bytesRead === 0) break
    total += bytesRead
    if (total > file.size) throw changedError(file, `more than ${file.size} bytes`)
    yield buffer.subarray(0, bytesRead)
  }
  if (total !== file.size) throw changedError(file, `${total} bytes`)
  await requireUnchanged(handle, file)
}

/**
 * Reads a file once, in order, in blocks of at most 1 MiB, each valid until the next one is asked for.
 *
 * Rejects with `CHANGED_WHILE_READING` when size or modification time are not those that the listing saw, before or after
 * the reading; with `UNREADABLE` for an error of the system; with `signal.reason` on abort. What was read until then
 * is void.
 */
export async function* readUnchangedFile(file: SeenFile, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted()
  let handle: FileHandle | undefined
  try {
    handle = await open(file.path, openFlags)
    yield* readBlocks(handle, file, signal)
  } catch (error) {
    if (isQuernError(error)) throw error
    signal?.throwIfAborted()
    throw unreadableError(file, error)
  } finally {
    await handle?.close()
  }
}

/** A part of a file. Rejects as `readUnchangedFile` does. */
export async function readUnchangedPart(
  file: SeenFile,
  { start, end }: { readonly start: number; readonly end: number },
  signal?: AbortSignal,
): Promise<Uint8Array> {
  signal?.throwIfAborted()
  let handle: FileHandle | undefined
  try {
    handle = await open(file.path, openFlags)
    await requireUnchanged(handle, file)
    const bytes = new Uint8Array(end - start)
    for (let filled = 0; filled < bytes.length;) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled)
      if (bytesRead === 0) throw changedError(file, `${start + filled} bytes`)
      filled += bytesRead
    }
    return bytes
  } catch (error) {
    if (isQuernError(error)) throw error
    throw unreadableError(file, error)
  } finally {
    await handle?.close()
  }
}
