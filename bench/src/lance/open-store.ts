import type { EmbeddingSpace, VectorStore } from '@quern/core'
import { openLanceStore } from '@quern/store-lancedb'
import { space as generatedSpace } from '../corpus/generated-corpus.ts'

/** Opens the LanceDB store at an address: of generated vectors, or of another space. */
export function openStore(
  uri: string,
  mode: 'read' | 'write',
  space: EmbeddingSpace = generatedSpace,
): Promise<VectorStore> {
  return openLanceStore({ uri, mode, space })
}
