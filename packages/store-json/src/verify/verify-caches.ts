import { endianness } from 'node:os'
import { listFolder } from '../files/inspect-folder.ts'
import { cacheFolder, storePath } from '../format/store-layout.ts'
import { isCacheName } from '../search/vector-cache/cache-names.ts'
import { CacheDamage, openVectorCache } from '../search/vector-cache/open-vector-cache.ts'

async function isSound(path: string, dimensions: number, checkpoint: () => void): Promise<boolean> {
  await using cache = await openVectorCache(path, dimensions)
  if (cache === undefined) return false
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

/** The vector caches of a store that cannot be used, damaged or of another version, by path relative to the store. All that they hold can be derived again. */
export async function findUnusableCaches(store: string, dimensions: number, checkpoint: () => void): Promise<string[]> {
  // Where the machine's numbers are the other way round, caches are not read at all.
  if (endianness() !== 'LE') return []
  const names = (await listFolder(storePath(store, cacheFolder))).filter((name) => isCacheName(name))
  const unusable: string[] = []
  for (const name of names.filter((other) => !other.endsWith('.tmp'))) {
    checkpoint()
    const file = `${cacheFolder}/${name}`
    if (!(await isSound(storePath(store, file), dimensions, checkpoint))) unusable.push(file)
  }
  return unusable
}
