import type { Reader } from './reader.ts'

/** The reader for a file, by the ending of its name, or by its name where it has none, in any case; undefined where none reads it. */
export function readerFor(fileName: string, readers: readonly Reader[]): Reader | undefined {
  const name = fileName.toLowerCase()
  const dot = name.lastIndexOf('.')
  if (dot === -1) return readers.find((reader) => reader.fileNames?.includes(name) === true)
  const extension = name.slice(dot)
  return readers.find((reader) => reader.extensions.includes(extension))
}
