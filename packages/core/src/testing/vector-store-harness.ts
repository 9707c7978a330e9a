import type { EmbeddingSpace } from '../embedding-space.ts'
import type { VectorStore } from '../vector-store.ts'
import type { ConformanceCase, ConformanceHarness } from './conformance-case.ts'

/** How the suite asks for a store. */
export interface StoreOpening {
  /** `write` creates the store where there is none. `read` is asked only of stores with the trait `readers`. */
  readonly mode: 'read' | 'write'
  readonly space: EmbeddingSpace
}

/** Facts about a store that decide which cases apply to it. */
export interface VectorStoreTraits {
  /** A place that is opened again holds what was committed before. */
  readonly durable: boolean
  /** A place has one writer at a time; a second one is refused with `STORE_BUSY`. */
  readonly locks: boolean
  /** A place can be opened with mode `read`, also while a writer has it open. */
  readonly readers: boolean
}

/** Name of a trait. */
export type VectorStoreTrait = keyof VectorStoreTraits

/**
 * What `describeVectorStore` needs to know of a store. A place is where one store lives (a temporary folder, a database); each
 * case takes a new one and disposes of it at the end.
 */
export interface VectorStoreHarness<Place extends AsyncDisposable = AsyncDisposable> extends ConformanceHarness {
  readonly traits: VectorStoreTraits
  /** A new place without a store. */
  createPlace(): Promise<Place>
  /** Opens the store of a place. Stores without the trait `durable` are opened once in each place. */
  open(place: Place, opening: StoreOpening): Promise<VectorStore>
}

/** A case of `describeVectorStore`. */
export type VectorStoreCase = ConformanceCase<VectorStoreHarness, VectorStoreTrait>
