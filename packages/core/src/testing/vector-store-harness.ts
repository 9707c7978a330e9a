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
  /** It searches by words: its `searchModes` hold `keyword` and `hybrid`. */
  readonly keywords: boolean
  /** The harness can show what a process leaves behind that is killed: it has `crash`. */
  readonly crashes: boolean
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
  /**
   * A new place with what a process would leave if it were killed at this moment: for a store in a folder, a copy of it with the lock of
   * a process that has ended. It is called while a commit or maintenance runs, which goes on undisturbed in its own place.
   */
  crash?(place: Place): Promise<Place>
  /** Seconds after which a case of random sequences begins no further one. Default 2: more time finds rarer faults. */
  readonly randomSeconds?: number | undefined
}

/** A case of `describeVectorStore`. */
export type VectorStoreCase = ConformanceCase<VectorStoreHarness, VectorStoreTrait>
