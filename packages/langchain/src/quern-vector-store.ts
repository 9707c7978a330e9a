import { randomUUID } from 'node:crypto'
import type { Document, DocumentInterface } from '@langchain/core/documents'
import type { EmbeddingsInterface } from '@langchain/core/embeddings'
import { maximalMarginalRelevance } from '@langchain/core/utils/math'
import { VectorStore } from '@langchain/core/vectorstores'
import type { MaxMarginalRelevanceSearchOptions } from '@langchain/core/vectorstores'
import type { Filter, FilterValue, SearchMode, SourceChunks, VectorStore as QuernStore } from '@quern/core'
import { QuernError, unitVector } from '@quern/core'
import { isAddedDocument, toDocument, toSource } from './stored-document.ts'

/** What `QuernVectorStore` is made from. */
export interface QuernVectorStoreParams {
  /** An open store of Quern; it stays the caller's, who closes it. */
  readonly store: QuernStore
}

/** A filter of Quern, or values that keys of the metadata must have. */
export type MetadataFilter = Filter | Readonly<Record<string, FilterValue>>

/** Ids of chunks, or of whole sources, to delete. */
export interface DeleteParams {
  readonly ids?: readonly string[]
  readonly sources?: readonly string[]
}

/** Options of `addDocuments` and `addVectors`. */
export interface AddOptions {
  /** Ids of the documents. Default: their own, else new ones. */
  readonly ids?: readonly string[]
}

function isFilter(filter: MetadataFilter): filter is Filter {
  return (
    ['and', 'or', 'not'].some((key) => typeof (filter as Record<string, unknown>)[key] === 'object') ||
    ('field' in filter && 'op' in filter)
  )
}

function toFilter(filter: MetadataFilter | undefined): Filter | undefined {
  if (filter === undefined || isFilter(filter)) return filter
  return { and: Object.entries(filter).map(([field, value]) => ({ field, op: 'eq', value })) }
}

/**
 * A store of Quern as LangChain's `VectorStore`: what was indexed by Quern is searched by LangChain, and documents are added and deleted.
 * An added document is a source of its own (`langchain/<id>`); one with the id of an earlier one takes its place. A run of the indexer leaves it
 * alone, unless it indexes a root of that name.
 */
export class QuernVectorStore extends VectorStore {
  declare FilterType: MetadataFilter
  readonly #store: QuernStore

  constructor(embeddings: EmbeddingsInterface, { store }: QuernVectorStoreParams) {
    super(embeddings, {})
    this.#store = store
  }

  _vectorstoreType(): string {
    return 'quern'
  }

  #unit(vector: readonly number[]): Float32Array {
    return unitVector(vector, { ...this.#store.space, index: undefined })
  }

  async addVectors(vectors: number[][], documents: DocumentInterface[], options: AddOptions = {}): Promise<string[]> {
    const ids = documents.map(({ id }, index) => options.ids?.[index] ?? id ?? randomUUID())
    const sources = new Map<string, SourceChunks>()
    for (const [index, document] of documents.entries()) {
      const id = ids[index] as string
      sources.set(id, toSource(document, id, this.#unit(vectors[index] ?? [])))
    }
    await this.#store.commit({ put: [...sources.values()] })
    return ids
  }

  async addDocuments(documents: DocumentInterface[], options: AddOptions = {}): Promise<string[]> {
    const vectors = await this.embeddings.embedDocuments(documents.map(({ pageContent }) => pageContent))
    return this.addVectors(vectors, documents, options)
  }

  /** Deletes added documents by `ids`, or whole sources by `sources`. Rejects with `OPTION_INVALID` for the id of a chunk of a larger source. */
  override async delete({ ids = [], sources = [] }: DeleteParams = {}): Promise<void> {
    const found: string[] = []
    for await (const { id, metadata } of this.#store.getChunks({ ids })) {
      if (!isAddedDocument(metadata.source)) {
        throw new QuernError('OPTION_INVALID', `${id} is a piece of ${metadata.source} and cannot be deleted alone`, {
          hint: `Delete its whole source: delete({ sources: [${JSON.stringify(metadata.source)}] })`,
        })
      }
      found.push(metadata.source)
    }
    await this.#store.commit({ delete: [...new Set([...found, ...sources])] })
  }

  async similaritySearchVectorWithScore(
    query: number[],
    k: number,
    filter?: MetadataFilter,
  ): Promise<[Document, number][]> {
    const hits = await this.#store.search({
      mode: 'vector',
      vector: this.#unit(query),
      limit: k,
      filter: toFilter(filter),
    })
    return hits.map(({ chunk, score }) => [toDocument(chunk), score])
  }

  /** Searches by words, by vector, or by both. Default mode: the best one that the store has. */
  async search(
    query: string,
    { k = 4, mode, filter }: { readonly k?: number; readonly mode?: SearchMode; readonly filter?: MetadataFilter } = {},
  ): Promise<[Document, number][]> {
    const chosen = mode ?? this.#store.searchModes[0] ?? 'vector'
    const vector = chosen === 'keyword' ? undefined : this.#unit(await this.embeddings.embedQuery(query))
    const hits = await this.#store.search({
      mode: chosen,
      text: query,
      limit: k,
      filter: toFilter(filter),
      ...(vector === undefined ? {} : { vector }),
    })
    return hits.map(({ chunk, score }) => [toDocument(chunk), score])
  }

  /** Hits that are near the query and unlike each other (Carbonell and Goldstein, 1998). */
  override async maxMarginalRelevanceSearch(
    query: string,
    { k, fetchK = 20, lambda = 0.5, filter }: MaxMarginalRelevanceSearchOptions<MetadataFilter>,
  ): Promise<Document[]> {
    const vector = await this.embeddings.embedQuery(query)
    const hits = await this.#store.search({
      mode: 'vector',
      vector: this.#unit(vector),
      limit: fetchK,
      filter: toFilter(filter),
    })
    const ids = hits.map(({ chunk }) => chunk.id)
    const vectors: number[][] = []
    for await (const stored of this.#store.getChunks({ ids })) vectors.push(Array.from(stored.vector))
    const chosen = maximalMarginalRelevance(vector, vectors, lambda, k)
    return chosen.flatMap((index) => {
      const hit = hits[index]
      return hit === undefined ? [] : [toDocument(hit.chunk)]
    })
  }

  static override async fromTexts(
    texts: string[],
    metadatas: object | object[],
    embeddings: EmbeddingsInterface,
    params: QuernVectorStoreParams,
  ): Promise<QuernVectorStore> {
    const documents = texts.map((pageContent, index) => ({
      pageContent,
      metadata: { ...(Array.isArray(metadatas) ? (metadatas[index] as object | undefined) : metadatas) },
    }))
    return QuernVectorStore.fromDocuments(documents, embeddings, params)
  }

  static override async fromDocuments(
    documents: DocumentInterface[],
    embeddings: EmbeddingsInterface,
    params: QuernVectorStoreParams,
  ): Promise<QuernVectorStore> {
    const store = new QuernVectorStore(embeddings, params)
    await store.addDocuments(documents)
    return store
  }
}
