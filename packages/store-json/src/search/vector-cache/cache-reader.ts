import { storePath } from '../../format/store-layout.ts'
import type { SourceContent } from '../../source-entry.ts'
import { cacheFileOf } from './cache-names.ts'
import { contentsByFile } from './contents-by-file.ts'
import type { VectorCache } from './open-vector-cache.ts'
import { openVectorCache } from './open-vector-cache.ts'

/** The vector caches of a store, for reading. */
export interface CacheReader {
  /** Opens one cache after another that may hold rows of these contents, and gives it with the contents of its chunk file to `use`. */
  each(
    contents: readonly SourceContent[],
    use: (cache: VectorCache, contents: readonly SourceContent[]) => Promise<void>,
  ): Promise<void>
}

/** The caches of the store at a path. */
export function createCacheReader(store: string, dimensions: number): CacheReader {
  return {
    async each(contents, use) {
      const files = [...contentsByFile(contents)]
      const open = async (index: number): Promise<VectorCache | undefined> => {
        const file = files[index]?.[0]
        return file === undefined ? undefined : openVectorCache(storePath(store, cacheFileOf(file)), dimensions)
      }
      let next = open(0)
      try {
        for (const [index, [, list]] of files.entries()) {
          await using cache = await next
          // While one is used, the index of the next is read.
          next = open(index + 1)
          if (cache !== undefined) await use(cache, list)
        }
      } finally {
        await (await next)?.[Symbol.asyncDispose]()
      }
    },
  }
}

async function useNone(): Promise<void> {}

/** No caches: all is read from the lines. */
export const noCaches: CacheReader = { each: useNone }
