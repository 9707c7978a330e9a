import { Embeddings } from '@langchain/core/embeddings'
import type { EmbeddingsParams } from '@langchain/core/embeddings'
import type { Embedder, EmbeddingSpace } from '@quern/core'

/** What `QuernEmbeddings` is made from. */
export interface QuernEmbeddingsParams extends EmbeddingsParams {
  /** Stays the caller's: disposing of it is theirs. */
  readonly embedder: Embedder
}

/** An embedder of Quern as LangChain's `Embeddings`: the same vectors, prefixes and checks. Errors are `QuernError`s. */
export class QuernEmbeddings extends Embeddings {
  readonly #embedder: Embedder

  constructor({ embedder, ...params }: QuernEmbeddingsParams) {
    super(params)
    this.#embedder = embedder
  }

  /** The space of its vectors. */
  get space(): EmbeddingSpace {
    return this.#embedder.space
  }

  async embedDocuments(documents: string[]): Promise<number[][]> {
    const vectors: number[][] = []
    for await (const vector of this.#embedder.embedDocuments(documents)) vectors.push(Array.from(vector))
    return vectors
  }

  async embedQuery(document: string): Promise<number[]> {
    return Array.from(await this.#embedder.embedQuery(document))
  }
}
