import type { BigIntStats, Dirent } from 'node:fs'
import { open, readdir, realpath } from 'node:fs/promises'
import { isoNanoseconds } from './iso-nanoseconds.ts'
import { createStatReader } from './stat-reader.ts'

/** What a path names. `other`: a FIFO, a socket, a device. */
export type EntryKind = 'file' | 'folder' | 'link' | 'other'

/** A name in a folder. */
export interface FolderEntry {
  readonly name: string
  readonly kind: EntryKind
}

/** What is known of a file without reading it. */
export interface FileFacts {
  /** Never `link`: links are followed. */
  readonly kind: EntryKind
  /** In bytes. */
  readonly size: number
  /** ISO 8601 in UTC with nine decimals. */
  readonly modifiedAt: string
}

/** How a listing looks at the disk: an argument, so that a test can stand in for a disk with faults. Rejects with system errors. */
export interface FileSystem {
  /** Names in a folder, in no order. */
  readFolder(path: string): Promise<readonly FolderEntry[]>
  /** Follows links. */
  inspect(path: string): Promise<FileFacts>
  /** The path without links. */
  resolvePath(path: string): Promise<string>
  /** The text of a file, read as UTF-8: all of it (rejects above 1 MiB), or what begins in its first `bytes` bytes. */
  readText(path: string, bytes?: number): Promise<string>
}

function kindOf(entry: Dirent | BigIntStats): EntryKind {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  return entry.isSymbolicLink() ? 'link' : 'other'
}

/** The facts that a listing keeps of a file's status. */
export function factsOf(stats: BigIntStats): FileFacts {
  return { kind: kindOf(stats), size: Number(stats.size), modifiedAt: isoNanoseconds(stats.mtimeNs) }
}

/** Longest file that is read as a whole. Rules that fill more are none that a person wrote. */
const mostTextBytes = 2 ** 20

async function readWhole(path: string): Promise<string> {
  const text = await readStart(path, mostTextBytes + 1)
  if (Buffer.byteLength(text) > mostTextBytes) throw new Error(`${path} is longer than ${mostTextBytes} bytes`)
  return text
}

async function readStart(path: string, bytes: number): Promise<string> {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    const length = Math.min(bytes, size)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** The disks of this machine. */
export function createNodeFileSystem(): FileSystem {
  const readStat = createStatReader()
  return {
    async readFolder(path) {
      const entries = await readdir(path, { withFileTypes: true })
      return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
    },
    inspect: async (path) => factsOf(await readStat(path)),
    resolvePath: async (path) => realpath(path),
    readText: async (path, bytes) => (bytes === undefined ? readWhole(path) : readStart(path, bytes)),
  }
}
