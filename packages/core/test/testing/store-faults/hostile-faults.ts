import type { ChunkMetadata, Filter, JsonValue, StoredChunk, VectorStore } from '@quern/core'
import type { StoreFault } from './store-fault.ts'
import { mapBatch, mapChunks } from './store-fault.ts'

async function sourceIds(store: VectorStore): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of store.listSources()) ids.push(id)
  return ids
}

/** A filter with its fields or values changed. */
function mapFilter(filter: Filter, change: (condition: Extract<Filter, { field: string }>) => Filter): Filter {
  if ('and' in filter) return { and: filter.and.map((part) => mapFilter(part, change)) }
  if ('or' in filter) return { or: filter.or.map((part) => mapFilter(part, change)) }
  if ('not' in filter) return { not: mapFilter(filter.not, change) }
  return change(filter)
}

function assigned(metadata: ChunkMetadata): ChunkMetadata {
  const copy: { [key: string]: JsonValue | undefined } = {}
  for (const [key, value] of Object.entries(metadata)) copy[key] = value
  return copy as ChunkMetadata
}

function cutBelow(value: JsonValue, levels: number): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (levels === 0) return null
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((element) => cutBelow(element, levels - 1))
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, cutBelow(member, levels - 1)]))
}

function mapMetadata(
  store: VectorStore,
  change: (metadata: ChunkMetadata) => ChunkMetadata,
): Pick<VectorStore, 'commit'> {
  return {
    commit: (batch, options) =>
      store.commit(
        mapBatch(batch, (chunk) => ({ ...chunk, metadata: change(chunk.metadata) })),
        options,
      ),
  }
}

/** Stores that stumble over odd, huge and deep values, or take what they should refuse. */
export const hostileFaults: readonly StoreFault[] = [
  {
    name: 'trims the ids of sources to delete',
    refusedBy: 'replaces, touches and deletes sources by ids of any characters, and no others',
    change: (store) => ({
      commit: (batch, options) =>
        store.commit({ ...batch, delete: [...new Set(batch.delete?.map((id) => id.trim()))] }, options),
    }),
  },
  {
    name: 'takes % in the id of a source to delete for anything',
    refusedBy: 'deletes nothing for ids of any characters that are not stored',
    change: (store) => ({
      async commit(batch, options) {
        const everything = batch.delete?.includes('%') === true ? await sourceIds(store) : []
        await store.commit({ ...batch, delete: [...new Set([...(batch.delete ?? []), ...everything])] }, options)
      },
    }),
  },
  {
    name: 'normalises the values of filters',
    refusedBy: 'finds the chunks of a source by a filter on its id, whatever characters it holds',
    change: (store) => ({
      search: ({ filter, ...query }) =>
        store.search({
          ...query,
          filter:
            filter &&
            mapFilter(filter, (condition) =>
              condition.op === 'eq' && typeof condition.value === 'string'
                ? { ...condition, value: condition.value.normalize('NFC') }
                : condition,
            ),
        }),
    }),
  },
  {
    name: 'takes a prefix for a pattern',
    refusedBy: 'finds the chunks of a source by a filter on its id, whatever characters it holds',
    change: (store) => ({
      search: ({ filter, ...query }) =>
        store.search({
          ...query,
          filter:
            filter &&
            mapFilter(filter, (condition) =>
              condition.op === 'prefix' ? { ...condition, value: condition.value.replace(/[%_].*/s, '') } : condition,
            ),
        }),
    }),
  },
  {
    name: 'knows no fields with the names of inherited members',
    refusedBy: 'filters by fields of any name',
    change: (store) => ({
      search: ({ filter, ...query }) =>
        store.search({
          ...query,
          filter: filter && mapFilter(filter, (condition) => (condition.field in {} ? { or: [] } : condition)),
        }),
    }),
  },
  {
    name: 'takes half a character in an id for another one',
    refusedBy: 'finds nothing for ids, hashes and filter values that are not well-formed',
    change: (store) => ({
      getChunks: (query) =>
        store.getChunks(query?.ids === undefined ? query : { ...query, ids: query.ids.map((id) => id.toWellFormed()) }),
    }),
  },
  {
    name: 'takes half a character in a filter for another one',
    refusedBy: 'finds nothing for ids, hashes and filter values that are not well-formed',
    change: (store) => ({
      search: ({ filter, ...query }) =>
        store.search({
          ...query,
          filter: filter && (JSON.parse(JSON.stringify(filter).replaceAll(/\\ud[89a-f]../g, '\ufffd')) as Filter),
        }),
    }),
  },
  {
    name: 'copies metadata by assignment',
    refusedBy: 'gives metadata with the keys of prototypes back, and changes no prototype',
    change: (store) => mapMetadata(store, assigned),
  },
  {
    name: 'keeps 32 levels of metadata',
    refusedBy: 'keeps metadata that is nested 64 levels deep',
    change: (store) => mapMetadata(store, (metadata) => cutBelow(metadata as JsonValue, 32) as ChunkMetadata),
  },
  {
    name: 'keeps 512 KiB of a text',
    refusedBy: 'keeps texts and metadata values of a megabyte, and very many keys and elements',
    change: (store) => ({
      getChunks: (query) =>
        mapChunks(store.getChunks(query), (chunk) => ({ ...chunk, pageContent: chunk.pageContent.slice(0, 2 ** 19) })),
    }),
  },
  {
    name: 'takes subnormal numbers for zero',
    refusedBy: 'gives numbers of every magnitude back bit for bit',
    change: (store) => ({
      getChunks: (query) =>
        mapChunks(store.getChunks(query), (chunk) => ({
          ...chunk,
          vector: chunk.vector.map((n) => (Math.abs(n) < 2 ** -126 ? 0 : n)),
        })),
    }),
  },
  {
    name: 'finds a name for chunks without an id',
    refusedBy: 'refuses a batch with an empty chunk id as a whole',
    change: (store) => ({
      commit: (batch, options) =>
        store.commit(
          mapBatch(batch, (chunk) => ({ ...chunk, id: chunk.id === '' ? 'unnamed' : chunk.id })),
          options,
        ),
    }),
  },
  {
    name: 'finds a name for sources without an id',
    refusedBy: 'refuses a batch with an empty source id as a whole',
    change: (store) => ({
      commit: (batch, options) =>
        store.commit(
          {
            ...batch,
            put: (batch.put ?? []).map(({ state, chunks }) =>
              state.id === ''
                ? { state: { ...state, id: 'unnamed' }, chunks: chunks.map((chunk) => named(chunk, 'unnamed')) }
                : { state, chunks },
            ),
          },
          options,
        ),
    }),
  },
  {
    name: 'deletes by ids in which half a character is another one',
    refusedBy: 'refuses a batch with a source to delete whose id is not well-formed as a whole',
    change: (store) => ({
      commit: (batch, options) =>
        store.commit({ ...batch, delete: batch.delete?.map((id) => id.toWellFormed()) ?? [] }, options),
    }),
  },
  {
    name: 'cuts metadata that is too deep',
    refusedBy: 'refuses a batch with metadata nested 1000 levels deep as a whole',
    change: (store) => mapMetadata(store, (metadata) => cutBelow(metadata as JsonValue, 63) as ChunkMetadata),
  },
]

function named(chunk: StoredChunk, source: string): StoredChunk {
  return { ...chunk, metadata: { ...chunk.metadata, source } }
}
