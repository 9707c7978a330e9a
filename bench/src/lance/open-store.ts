import type { EmbeddingSpace, VectorStore } from '@quern/core'
import * as lanceStore from '@quern/store-lancedb'
import { space } from '../corpus/generated-corpus.ts'

interface Api {
  readonly openLanceStore?: (options: {
    uri: string
    mode: 'read' | 'write'
    space: EmbeddingSpace
  }) => Promise<VectorStore>
}

/** Opens the LanceDB store of generated vectors at an address. */
export async function openStore(uri: string, mode: 'read' | 'write'): Promise<VectorStore> {
  const { openLanceStore } = lanceStore as Api
  if (openLanceStore === undefined) throw new Error('openLanceStore is not there yet')
  return openLanceStore({ uri, mode, space })
}
