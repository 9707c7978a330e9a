import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chunkId, sha256, textHash } from '@quern/core'
import type { EmbeddingSpace, SourceChunks } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import { openJsonStore } from '@quern/store-json'

/** Embeds for the stores that tests write without the command line. */
export const embedder = createFakeEmbedder({ maxTokens: 1000 })

/** A source with a chunk for each text, its vectors those of the fake embedder. */
export async function embeddedSource(id: string, texts: readonly string[]): Promise<SourceChunks> {
  const vectors = await Array.fromAsync(embedder.embedDocuments(texts))
  const chunks = texts.map((text, index) => ({
    id: chunkId(id, textHash(text), 0),
    pageContent: text,
    embedText: text,
    textHash: textHash(text),
    metadata: { source: id, chunk: index, start: 0, end: text.length, lines: { from: 1, to: 1 }, tokens: 5 },
    vector: vectors[index] as Float32Array,
    createdAt: '2026-11-24T08:00:00.000Z',
  }))
  return {
    state: {
      id,
      contentHash: sha256(texts.join('\n')),
      size: texts.join('\n').length,
      modifiedAt: '2026-11-23T08:15:30.123456789Z',
      observedAt: '2026-11-23T08:15:31.000000001Z',
      recipe: sha256('recipe'),
      chunkCount: chunks.length,
    },
    chunks,
  }
}

/** Writes a JSON store with so many sources of two chunks each. */
export async function writeStore(path: string, count: number, space: EmbeddingSpace = embedder.space): Promise<void> {
  await using store = await openJsonStore({ path, mode: 'write', space })
  const sources = Array.from({ length: count }, (_, i) =>
    embeddedSource(`docs/${i}.md`, [`text of ${i}`, `more of ${i}`]),
  )
  await store.commit({ put: await Promise.all(sources) })
}

/** Writes a folder `docs` with so many short notes. */
export async function writeDocs(folder: string, count: number): Promise<void> {
  await mkdir(join(folder, 'docs'), { recursive: true })
  for (let i = 0; i < count; i++) await writeFile(join(folder, 'docs', `${i}.txt`), `Note number ${i} on wheels.\n`)
}
