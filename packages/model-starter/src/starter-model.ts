import { fileURLToPath } from 'node:url'
import { knownVectors } from './known-vectors.ts'
import type { KnownVector } from './known-vectors.ts'

/** A bundled embedding model and what is known of it. */
export interface StarterModel {
  readonly name: string
  /** Absolute path of the GGUF file. */
  readonly path: string
  /** SHA-256 of the file, in hex. */
  readonly sha256: string
  /** Size of the file. */
  readonly bytes: number
  /** Numbers in a vector. */
  readonly dimensions: number
  /** What it gives for some texts, a short one and a longer one: whoever loads it can see that it still does. */
  readonly knownVectors: readonly KnownVector[]
  /** One line that says honestly what the model is and how to use a better one. */
  readonly note: string
}

/** The model of this package: small, English, without any download. MODEL_CARD.md says how it was made and how good it is. */
export const starterModel: StarterModel = {
  name: 'starter-embed-en',
  path: fileURLToPath(new URL('../starter-embed-en-q6_k.gguf', import.meta.url)),
  sha256: 'e8590dc95a59b691642ad4b77b2ed8b29d042bc9f09971fe4bc3b51dec5ba55d',
  bytes: 7_652_640,
  dimensions: 256,
  knownVectors,
  note: 'starter-embed-en is a small starter model (English, 7.7 MB); for better hits: --model bge-small-en-v1.5 --store-path <new folder> (fetches 37 MB, once)',
}
