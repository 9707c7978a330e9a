import { createFileLoader } from './create-file-loader.ts'
import type { FileLoader } from './create-file-loader.ts'
import type { FileLoaderOptions } from './file-loader-options.ts'
import { checkReader } from './readers/check-reader.ts'
import { createReaders } from './readers/create-readers.ts'
import { guardReader } from './readers/guard-reader.ts'
import { readerFor } from './readers/reader-for.ts'

/**
 * Opens a loader of the files below one or more roots.
 *
 * Rejects with `OPTION_INVALID` for a bad glob, limit or reader, for two folders of one name and for a root inside another; with
 * `ROOT_NOT_FOUND` or `ROOT_UNREADABLE` for a root that cannot be listed. `list()` rejects likewise when a root has vanished.
 */
export async function openFileLoader(options: FileLoaderOptions): Promise<FileLoader> {
  const opened = createReaders()
  const { readers: own = [] } = options
  try {
    for (const reader of own) checkReader(reader)
    const readers = [...own.map((reader) => guardReader(reader)), ...opened.readers]
    return await createFileLoader(options, {
      findReader: (fileName) => readerFor(fileName, readers),
      closeReaders: async () => opened.close(),
    })
  } catch (error) {
    await opened.close()
    throw error
  }
}
