import { createFileLoader } from '../src/create-file-loader.ts'
import type { FileLoader } from '../src/create-file-loader.ts'
import type { FileLoaderOptions } from '../src/file-loader-options.ts'
import type { FileSystem } from '../src/file-system.ts'
import type { Reader } from '../src/readers/reader.ts'

/** A reader of `.md` and `.txt` whose text is the file's UTF-8. */
export const plainReader: Reader = {
  name: 'plain',
  version: 1,
  mediaType: 'text/plain',
  extensions: ['.md', '.txt'],
  read: async ({ bytes }) => ({ pageContent: Buffer.from(bytes).toString('utf8'), metadata: {} }),
}

/** What a test changes about its loader. */
export interface PlainLoaderParts {
  readonly reader?: Reader
  readonly fileSystem?: FileSystem
  readonly closeReaders?: () => Promise<void>
}

/** A loader whose only reader is `plainReader` or the given one. */
export async function openPlainLoader(
  options: FileLoaderOptions,
  { reader = plainReader, closeReaders = async () => {}, ...parts }: PlainLoaderParts = {},
): Promise<FileLoader> {
  const findReader = (fileName: string): Reader | undefined =>
    reader.extensions.some((extension) => fileName.toLowerCase().endsWith(extension)) ? reader : undefined
  return createFileLoader(options, { findReader, closeReaders, ...parts })
}
