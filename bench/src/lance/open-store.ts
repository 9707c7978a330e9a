import type { VectorStore } from '@quern/core'
import { openLanceStore } from '@quern/store-lancedb'
import { space } from '../corpus/generated-corpus.ts'

/** Opens the LanceDB store of generated vectors at an address. */
export function openStore(uri: string, mode: 'read' | 'write'): Promise<VectorStore> {
  return openLanceStore({ uri, mode, space })
}
