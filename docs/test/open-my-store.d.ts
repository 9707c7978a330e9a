// The store that a snippet tests is the reader's.
declare module '*/open-my-store.ts' {
  import type { EmbeddingSpace, VectorStore } from '@quern/core'

  export function openMyStore(
    path: string,
    options: { readonly mode: 'read' | 'write'; readonly space: EmbeddingSpace },
  ): Promise<VectorStore>
}
