import type { EmbeddingSpace, VectorStore } from '@quern/core'
import { openJsonStore } from '@quern/store-json'
import { openLanceStore } from '@quern/store-lancedb'

export type StoreType = 'json' | 'lancedb'

export const storeTypes: readonly StoreType[] = ['json', 'lancedb']

/** Opens a store to write. The one in JSON grows out of its single file on the way. */
export function openToWrite(type: StoreType, path: string, space?: EmbeddingSpace): Promise<VectorStore> {
  return type === 'json'
    ? openJsonStore({ path, mode: 'write', space, singleFileChunks: 12 })
    : openLanceStore({ uri: path, mode: 'write', space })
}

/** Everything that a store holds but for moments in time, in an order of its own. */
export interface StoreContents {
  readonly fingerprint: string
  readonly sources: readonly unknown[]
  readonly chunks: readonly unknown[]
  readonly texts: ReadonlySet<string>
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1
}

function hex(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('hex')
}

export async function readStore(type: StoreType, path: string): Promise<StoreContents> {
  await using store =
    type === 'json' ? await openJsonStore({ path, mode: 'read' }) : await openLanceStore({ uri: path, mode: 'read' })
  const states = await Array.fromAsync(store.listSources())
  const chunks = await Array.fromAsync(store.getChunks())
  return {
    fingerprint: store.space.fingerprint,
    sources: states.toSorted(byId).map((state) => Object.assign({}, state, { observedAt: '' })),
    chunks: chunks
      .toSorted(byId)
      .map((chunk) => Object.assign({}, chunk, { createdAt: '', vector: hex(chunk.vector) })),
    texts: new Set(chunks.map(({ embedText }) => embedText)),
  }
}
