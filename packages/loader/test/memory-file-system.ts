import type { FileFacts, FileSystem, FolderEntry } from '../src/file-system.ts'

/** A file's text, a folder, or a fault: the system code that every look at it gives. */
export type MemoryNode = string | { readonly fault: string } | { readonly [name: string]: MemoryNode }

/** A file system in memory that counts how many folders were read. */
export interface MemoryFileSystem extends FileSystem {
  readonly foldersRead: () => number
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code })
}

function isFault(node: MemoryNode): node is { readonly fault: string } {
  return typeof node !== 'string' && typeof node['fault'] === 'string'
}

function nodeAt(tree: MemoryNode, path: string): MemoryNode {
  let node = tree
  for (const name of path.split('/').filter((part) => part !== '')) {
    if (typeof node === 'string' || !Object.hasOwn(node, name)) throw systemError('ENOENT', path)
    node = (node as { readonly [name: string]: MemoryNode })[name] ?? ''
  }
  if (isFault(node)) throw systemError(node.fault, path)
  return node
}

function entryOf(name: string, node: MemoryNode): FolderEntry {
  const isFile = typeof node === 'string' || (isFault(node) && name.includes('.'))
  return { name, kind: isFile ? 'file' : 'folder' }
}

function factsOf(node: MemoryNode): FileFacts {
  const size = typeof node === 'string' ? Buffer.byteLength(node) : 0
  return { kind: typeof node === 'string' ? 'file' : 'folder', size, modifiedAt: '2026-01-01T00:00:00.000000000Z' }
}

/**
 * A file system of the folders and files in `tree`, which lie below `/`. A fault whose name has a dot is a file, else a folder.
 * `{ 'x.md': { fault: 'ENOENT' } }` is a name that can be listed but not opened.
 */
export function createMemoryFileSystem(tree: MemoryNode): MemoryFileSystem {
  let reads = 0
  return {
    foldersRead: () => reads,
    async readFolder(path) {
      reads += 1
      const node = nodeAt(tree, path)
      if (typeof node === 'string') throw systemError('ENOTDIR', path)
      return Object.entries(node).map(([name, child]) => entryOf(name, child))
    },
    inspect: async (path) => factsOf(nodeAt(tree, path)),
    async resolvePath(path) {
      nodeAt(tree, path)
      return path
    },
    async readText(path, bytes) {
      const node = nodeAt(tree, path)
      if (typeof node !== 'string') throw systemError('EISDIR', path)
      return bytes === undefined ? node : node.slice(0, bytes)
    },
  }
}
