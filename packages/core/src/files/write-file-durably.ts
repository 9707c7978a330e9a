import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { diskOperations } from './disk-operations.ts'
import type { FileOperations } from './file-operations.ts'

/**
 * Writes a file in place of the one that may stand there: a temporary file beside it (`<path>.<uuid>.tmp`), synced, renamed, the
 * folder synced. At every moment, also after a loss of power, the path has the old content or the new, whole; when it resolves,
 * the new. A process that is killed on the way may leave the temporary file behind. Rejects with the system's error.
 */
export async function writeFileDurably(
  path: string,
  data: string | Uint8Array,
  operations: FileOperations = diskOperations,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  const file = await operations.createFile(temporary)
  try {
    try {
      await file.write(typeof data === 'string' ? Buffer.from(data) : data)
      await file.sync()
    } finally {
      await file.close()
    }
    await operations.rename(temporary, path)
  } catch (error) {
    // The first error says what happened; that the temporary file cannot be removed either adds nothing.
    await operations.remove(temporary).catch(() => undefined)
    throw error
  }
  await operations.syncFolder(dirname(path))
}
