import type { ChunkMetadata } from '@quern/core'
import type { SourceContent } from '../../source-entry.ts'
import type { Pace } from '../pace.ts'
import type { RowMemory } from '../rows/row-memory.ts'
import type { RowTable } from '../rows/row-table.ts'
import type { LoadedSource } from '../search-picture.ts'
import type { PlacedSource, VectorCache } from './open-vector-cache.ts'
import { CacheDamage } from './open-vector-cache.ts'

/** Rows that are taken for a cached source. */
interface Target {
  readonly source: PlacedSource
  readonly content: SourceContent
  readonly firstRow: number
}

/** The cached sources that hold the rows of these contents. */
function match(cache: VectorCache, contents: readonly SourceContent[]): Map<SourceContent, PlacedSource> {
  const byChecksum = new Map(cache.sources.map((source) => [source.sha256, source]))
  const matches = new Map<SourceContent, PlacedSource>()
  for (const content of contents) {
    const source = byChecksum.get(content.range?.sha256 ?? '')
    if (source !== undefined && source.rows === content.textHashes.length) matches.set(content, source)
  }
  return matches
}

/** Rows of a cache that stand one after another in memory, too. */
interface Stretch {
  readonly first: number
  readonly end: number
  /** What a row's number in memory is more than in the cache. */
  readonly shift: number
}

/** The rows of targets in as few stretches as they make. */
function stretchesOf(targets: readonly Target[]): Stretch[] {
  const stretches: Stretch[] = []
  for (const { source, firstRow } of targets) {
    const { firstRow: first, rows } = source
    const end = first + rows
    const shift = firstRow - first
    const last = stretches.at(-1)
    if (last?.end === first && last.shift === shift) stretches[stretches.length - 1] = { ...last, end }
    else stretches.push({ first, end, shift })
  }
  return stretches
}

/** Brings the vectors of a cache to where they belong: they are read to there, or copied where they stand in pieces. */
async function loadVectors(
  cache: VectorCache,
  stretches: readonly Stretch[],
  { memory, pace }: { memory: RowMemory; pace: Pace },
): Promise<void> {
  const { dimensions } = memory
  let passed = 0
  const place = (first: number, count: number): Float32Array<ArrayBuffer> | undefined => {
    let index = passed
    while ((stretches[index]?.end ?? Infinity) <= first) index++
    const stretch = stretches[index]
    if (memory.stride !== dimensions || stretch === undefined || stretch.first > first || stretch.end < first + count)
      return undefined
    // Two sources with the same bytes have the same rows in the cache, which go to both.
    if ((stretches[index + 1]?.first ?? Infinity) < first + count) return undefined
    const rows = memory.rows(first + stretch.shift, count)
    return rows.length === count * dimensions ? rows : undefined
  }
  for await (const { firstRow, vectors, inPlace } of cache.vectors(place)) {
    if (pace.due()) await pace.rest()
    if (inPlace) continue
    const endRow = firstRow + vectors.length / dimensions
    while ((stretches[passed]?.end ?? Infinity) <= firstRow) passed++
    for (let index = passed; index < stretches.length; index++) {
      const { first, end, shift } = stretches[index] as Stretch
      if (first >= endRow) break
      const from = Math.max(first, firstRow)
      const to = Math.min(end, endRow)
      memory.write(from + shift, vectors.subarray((from - firstRow) * dimensions, (to - firstRow) * dimensions))
    }
  }
}

function ignore(): void {}

async function fill(cache: VectorCache, targets: readonly Target[], table: RowTable, pace: Pace): Promise<void> {
  const { memory } = table
  const reading = cache.columns()
  // Whoever comes to them is told. Not before the vectors: nothing is to be read to rows that are given back.
  reading.catch(ignore)
  const stretches = stretchesOf(targets)
  await loadVectors(cache, stretches, { memory, pace })
  const columns = await reading
  for (const { first, end, shift } of stretches) {
    memory.lengths.set(columns.lengths.subarray(first, end), first + shift)
  }
  for (const { source, content, firstRow } of targets) {
    content.rows = { firstRow, count: source.rows, columns, offset: source.firstRow, metadata: undefined }
    table.keep(content.rows)
  }
}

/**
 * Loads the rows of those contents that a cache holds. When it proves damaged, none are loaded. Rejects only with what the checkpoint of
 * the pace throws.
 */
export async function loadFromCache(
  cache: VectorCache,
  contents: readonly SourceContent[],
  table: RowTable,
  pace: Pace,
): Promise<void> {
  const targets = Array.from(match(cache, contents), ([content, source]): Target => ({
    source,
    content,
    firstRow: table.take(source.rows),
  })).toSorted((a, b) => a.source.firstRow - b.source.firstRow)
  try {
    await fill(cache, targets, table, pace)
  } catch (error) {
    for (const { firstRow, source } of targets) table.give({ first: firstRow, count: source.rows })
    if (!(error instanceof CacheDamage)) throw error
  }
}

/** Likewise the metadata of loaded sources. */
export async function loadMetadataFromCache(
  cache: VectorCache,
  sources: readonly LoadedSource[],
  pace: Pace,
): Promise<void> {
  const rowsOf = new Map(sources.map(({ content, rows }) => [content, rows]))
  const matches = match(cache, [...rowsOf.keys()])
  try {
    const json = matches.size === 0 ? Buffer.alloc(0) : await cache.metadata()
    for (const [content, { metadataStart, metadataBytes }] of matches) {
      if (pace.due()) await pace.rest()
      const rows = rowsOf.get(content)
      const text = json.toString('utf8', metadataStart, metadataStart + metadataBytes)
      if (rows !== undefined) rows.metadata = JSON.parse(text) as ChunkMetadata[]
    }
  } catch (error) {
    if (!(error instanceof CacheDamage)) throw error
  }
}
