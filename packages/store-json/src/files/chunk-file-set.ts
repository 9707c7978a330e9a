import type { ChunkFile } from './chunk-file.ts'

/** The open chunk files of a store. */
export interface ChunkFileSet {
  /** The file with this path relative to the store. */
  get(file: string): ChunkFile | undefined
  /** Puts a file in. One of the same name that was there is dropped, but not closed before the next `sweep`. */
  add(file: ChunkFile): void
  /** Takes a file out. It is closed once no read runs that may have begun with it. */
  drop(file: string): Promise<void>
  /** Closes the files that were dropped, as soon as no read runs that may have begun with them. */
  sweep(): Promise<void>
  /** Begins a read, which ends when what is returned is disposed of. Files that are dropped stay open until then. */
  hold(): AsyncDisposable
  /** Closes all at once, whatever reads run. Twice is safe. */
  close(): Promise<void>
}

/** A set without files. */
export function createChunkFileSet(): ChunkFileSet {
  const files = new Map<string, ChunkFile>()
  const dropped = new Set<ChunkFile>()
  let reads = 0

  const closeDropped = async (): Promise<void> => {
    if (reads > 0) return
    const closing = [...dropped]
    dropped.clear()
    await Promise.all(closing.map((file) => file.close()))
  }
  return {
    get: (file) => files.get(file),
    add(file) {
      const before = files.get(file.file)
      if (before !== undefined) dropped.add(before)
      files.set(file.file, file)
    },
    async drop(name) {
      const file = files.get(name)
      if (file === undefined) return
      files.delete(name)
      dropped.add(file)
      await closeDropped()
    },
    sweep: closeDropped,
    hold() {
      reads++
      return {
        [Symbol.asyncDispose]: async () => {
          reads--
          await closeDropped()
        },
      }
    },
    async close() {
      await Promise.all([...files.values(), ...dropped].map((file) => file.close()))
    },
  }
}
