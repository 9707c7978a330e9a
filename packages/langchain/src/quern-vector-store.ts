import { randomUUID } from 'node:crypto'
import type { Document, DocumentInterface } from '@langchain/core/documents'
import type { EmbeddingsInterface } from '@langchain/core/embeddings'
import { maximalMarginalRelevance } from '@langchain/core/utils/math'
import { VectorStore } from '@langchain/core/vectorstores'
import type { MaxMarginalRelevanceSearchOptions } from '@langchain/core/vectorstores'
import type { ReusableVector, SearchMode, SourceChunks, VectorStore as QuernStore } from '@quern/core'
import { checkSameSpace, QuernError, textHash, unitVector } from '@quern/core'
import { toFilter } from './metadata-filter.ts'
import type { MetadataFilter } from './metadata-filter.ts'
import { QuernEmbeddings } from './quern-embeddings.ts'
import { isAddedDocument, sourceIdOf, storedText, toDocument, toSource } from './stored-document.ts'

/** What `QuernVectorStore` is made from. */
export interface QuernVectorStoreParams {
  /** An open store of Quern; it stays the caller's, who closes it. */
  readonly store: QuernStore
}

/** Ids of added documents, or of whole sources, to delete. */
export interface DeleteParams {
  readonly ids?: readonly string[]
  readonly sources?: readonly string[]
}

/** Options of `addDocuments` and `addVectors`. */
export interface AddOptions {
  /** Ids of the documents. Default: their own, else new ones. */
  readonly ids?: readonly string[]
}

/**
 * A store of Quern as LangChain's `VectorStore`: what was indexed by Quern is searched by LangChain, and documents are added and deleted.
 * An added document is a source of its own (`langchain/<id>`); one with the id of an earlier one takes its place. A run of the indexer leaves it
 * alone, unless it indexes a root of that name. Throws `STORE_SPACE_MISMATCH` for `QuernEmbeddings` of another space than the store's; of other
 * embeddings nothing is known but the length of their vectors, which is checked.
 */
export class QuernVectorStore extends VectorStore {
  declare FilterType: MetadataFilter
  readonly #store: QuernStore

  constructor(embeddings: EmbeddingsInterface, { store }: QuernVectorStoreParams) {
    super(embeddings, {})
    if (embeddings instanceof QuernEmbeddings) {
      checkSameSpace(store.space, embeddings.space, 'behind this QuernVectorStore')
    }
    this.#store = store
  }

  _vectorstoreType(): string {
    return 'quern'
  }

  #unit(vector: readonly number[], index?: number): Float32Array {
    return unitVector(vector, { ...this.#store.space, index })
  }

  /** Stores documents with vectors of their own. Gives their ids, in order; of several with one id the last one stays. */
  async addVectors(vectors: number[][], documents: DocumentInterface[], options: AddOptions = {}): Promise<string[]> {
    const createdAt = new Date().toISOString()
    return this.#put(documents, options, (_document, index) => ({
      vector: this.#unit(vectors[index] ?? [], index),
      createdAt,
    }))
  }

  /** Stores documents. A text that the store already holds, wherever it stands, is not embedded again. Gives their ids, in order. */
  async addDocuments(documents: DocumentInterface[], options: AddOptions = {}): Promise<string[]> {
    const texts = new Map(documents.map((document) => [textHash(storedText(document)), storedText(document)]))
    const vectors = await this.#store.findVectors([...texts.keys()])
    const missing = [...texts].filter(([hash]) => !vectors.has(hash))
    if (missing.length > 0) {
      const embedded = await this.embeddings.embedDocuments(missing.map(([, text]) => text))
      const createdAt = new Date().toISOString()
      for (const [index, [hash]] of missing.entries()) {
        vectors.set(hash, { vector: this.#unit(embedded[index] ?? [], index), createdAt })
      }
    }
    return this.#put(documents, options, (document) => vectors.get(textHash(storedText(document))) as ReusableVector)
  }

  async #put(
    documents: readonly DocumentInterface[],
    options: AddOptions,
    vectorOf: (document: DocumentInterface, index: number) => ReusableVector,
  ): Promise<string[]> {
    const ids = documents.map(({ id }, index) => options.ids?.[index] ?? id ?? randomUUID())
    const sources = new Map<string, SourceChunks>()
    for (const [index, document] of documents.entries()) {
      const id = ids[index] as string
      sources.set(id, toSource(document, id, vectorOf(document, index)))
    }
    await this.#store.commit({ put: [...sources.values()] })
    return ids
  }

  /**
   * Deletes added documents by `ids`, or whole sources by `sources`; what is not there is no error. Rejects with `OPTION_INVALID` for the id of
   * a chunk of an indexed source.
   */
  override async delete({ ids = [], sources = [] }: DeleteParams = {}): Promise<void> {
    for await (const { id, metadata } of this.#store.getChunks({ ids })) {
      if (isAddedDocument(metadata)) continue
      throw new QuernError('OPTION_INVALID', `${id} is a piece of ${metadata.source} and cannot be deleted alone`, {
        hint: `Delete its whole source: delete({ sources: [${JSON.stringify(metadata.source)}] })`,
      })
    }
    await this.#store.commit({ delete: [...new Set([...ids.map((id) => sourceIdOf(id)), ...sources])] })
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
      limit: Math.max(k, fetchK),
      filter: toFilter(filter),
    })
    const vectors = new Map<string, number[]>()
    const ids = hits.map(({ chunk }) => chunk.id)
    for await (const stored of this.#store.getChunks({ ids })) vectors.set(stored.id, Array.from(stored.vector))
    // A hit that was deleted since has no vector any more.
    const candidates = hits.flatMap(({ chunk }) => {
      const stored = vectors.get(chunk.id)
      return stored === undefined ? [] : [{ chunk, stored }]
    })
    const chosen = maximalMarginalRelevance(
      vector,
      candidates.map(({ stored }) => stored),
      lambda,
      k,
    )
    return chosen.flatMap((index) => {
      const candidate = candidates[index]
      return candidate === undefined ? [] : [toDocument(candidate.chunk)]
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
