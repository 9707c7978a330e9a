import { cacheFolder } from '../../format/store-layout.ts'

const cacheName = /^(\d{8,15}|embeddings)\.vectors(\.[0-9a-f-]{36}\.tmp)?$/

/** Path, relative to the store, of the vector cache of a chunk file, which is given likewise. */
export function cacheFileOf(chunkFile: string): string {
  const name = chunkFile.slice(chunkFile.lastIndexOf('/') + 1)
  return `${cacheFolder}/${name.slice(0, name.indexOf('.'))}.vectors`
}

/** Whether a file of this name in the folder of caches is a vector cache, or was to become one. */
export function isCacheName(name: string): boolean {
  return cacheName.test(name)
}
