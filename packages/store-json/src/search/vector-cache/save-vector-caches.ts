import { endianness } from 'node:os'
import type { FileOperations } from '@quern/core/files'
import { listFolder } from '../../files/inspect-folder.ts'
import { cacheFolder, storePath } from '../../format/store-layout.ts'
import type { SourceContent } from '../../source-entry.ts'
import type { StoreContents } from '../../store-contents.ts'
import { createPace } from '../pace.ts'
import { cacheFileOf, isCacheName } from './cache-names.ts'
import { contentsByFile } from './contents-by-file.ts'
import { CacheDamage, openVectorCache } from './open-vector-cache.ts'
import { writeVectorCache } from './write-vector-cache.ts'

/** How caches are saved. */
export interface SaveCachesOptions {
  readonly operations: FileOperations
  /** Read existing caches to the end, to find damage in them. Otherwise only their indexes are read. */
  readonly thorough: boolean
  /** Called now and then; throws to end the work. */
  readonly checkpoint: () => void
}

/**
 * Chunk files with fewer numbers than this have no cache: their lines are read in some milliseconds, and a small store in a single file
 * stays one.
 */
const smallestCache = { segments: 2 ** 16, single: 2 ** 20 }

/** Whether the cache at a path holds the rows of all these contents. */
async function isUpToDate(
  path: string,
  contents: readonly SourceContent[],
  { dimensions, thorough, checkpoint }: { dimensions: number; thorough: boolean; checkpoint: () => void },
): Promise<boolean> {
  await using cache = await openVectorCache(path, dimensions)
  const cached = new Set(cache?.sources.map(({ sha256 }) => sha256))
  if (cache === undefined || !contents.every(({ range }) => cached.has(range?.sha256 ?? ''))) return false
  if (!thorough) return true
  try {
    for await (const _ of cache.vectors()) checkpoint()
    await cache.columns()
    await cache.metadata()
    return true
  } catch (error) {
    if (error instanceof CacheDamage) return false
    throw error
  }
}

async function saveAll(store: StoreContents, options: SaveCachesOptions): Promise<void> {
  const { operations, thorough, checkpoint } = options
  const { path, layout, catalog, manifest } = store
  const { dimensions } = manifest.space
  const contents = Array.from(catalog.entries.values(), ({ content }) => content)
  const wanted = new Map(
    [...contentsByFile(contents)].flatMap(([file, list]) => {
      const rows = list.reduce((sum, { textHashes }) => sum + textHashes.length, 0)
      return rows * dimensions < smallestCache[layout] ? [] : [[cacheFileOf(file), list] as const]
    }),
  )
  if (wanted.size > 0) await operations.makeFolder(storePath(path, cacheFolder))
  const existing = (await listFolder(storePath(path, cacheFolder))).filter(isCacheName)
  for (const file of existing.map((name) => `${cacheFolder}/${name}`)) {
    if (!wanted.has(file)) await operations.remove(storePath(path, file))
  }
  for (const [file, list] of wanted) {
    const cachePath = storePath(path, file)
    if (await isUpToDate(cachePath, list, { dimensions, thorough, checkpoint })) continue
    await writeVectorCache(list, { path: cachePath, dimensions, operations }, createPace(checkpoint))
  }
}

/**
 * Brings the vector caches of a store up to date: writes those that are missing or lack sources, removes those of chunk files that are
 * gone. For the holder of the lock. Rejects only with what the checkpoint throws: without a cache a store is slower to search, and all
 * else is the same.
 */
export async function saveVectorCaches(store: StoreContents, options: SaveCachesOptions): Promise<void> {
  if (endianness() !== 'LE') return
  try {
    await saveAll(store, options)
  } catch {
    // A full disk, damaged lines: whoever reads these says so.
    options.checkpoint()
  }
}
