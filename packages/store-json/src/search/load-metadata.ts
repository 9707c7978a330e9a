import { decodeTexts } from './decode-texts.ts'
import type { Pace } from './pace.ts'
import { readAhead } from '../files/read-ahead.ts'
import type { LoadedSource } from './search-picture.ts'
import type { CacheReader } from './vector-cache/cache-reader.ts'
import { loadMetadataFromCache } from './vector-cache/load-from-cache.ts'

/** Loads the metadata of those sources that have none yet. For one caller at a time. Rejects as `loadRows` does. */
export async function loadMetadata(
  sources: readonly LoadedSource[],
  { caches, pace }: { caches: CacheReader; pace: Pace },
): Promise<void> {
  const missing = new Map(
    sources.flatMap(({ content, rows }) => (rows.metadata === undefined ? [[content, rows] as const] : [])),
  )
  if (missing.size === 0) return
  await caches.each([...missing.keys()], (cache, list) =>
    loadMetadataFromCache(
      cache,
      list.flatMap((content) => {
        const rows = missing.get(content)
        return rows === undefined ? [] : [{ content, rows }]
      }),
      pace,
    ),
  )
  const left = [...missing.keys()].filter((content) => missing.get(content)?.metadata === undefined)
  for await (const source of readAhead(left)) {
    const rows = missing.get(source.content)
    const texts = await decodeTexts(source, pace)
    if (rows !== undefined) rows.metadata = texts.map(({ metadata }) => metadata)
  }
}
