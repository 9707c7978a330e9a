import type { DocumentInterface } from '@langchain/core/documents'
import { Document } from '@langchain/core/documents'
import type { Chunk, ChunkMetadata, JsonValue, ReusableVector, SourceChunks } from '@quern/core'
import { chunkId, sha256, textHash } from '@quern/core'
import { plainMetadata } from './plain-metadata.ts'

/** First part of the ids of sources that LangChain documents are kept as. */
const sourceRoot = 'langchain/'
/** Key under which the id of an added document is kept. Only added documents have it. */
const idKey = 'langchainId'
/** Keys of the metadata that the store itself writes. What a document has under them is kept under `ownKey`. */
const storeKeys: ReadonlySet<string> = new Set(['source', 'chunk', 'start', 'end', 'lines', 'tokens'])

/** Whether what an added document has under this key is kept under another one. */
export function isKeptAside(key: string): boolean {
  return storeKeys.has(key)
}

/** The key under which an added document's own `source`, `chunk` and the like are kept: `langchainSource`. */
export function ownKey(key: string): string {
  return `langchain${key.slice(0, 1).toUpperCase()}${key.slice(1)}`
}

/** Id of the source that a document with this id is kept as. */
export function sourceIdOf(documentId: string): string {
  return `${sourceRoot}${documentId}`
}

/** Whether a chunk is a document that was added through LangChain. */
export function isAddedDocument(metadata: ChunkMetadata): boolean {
  const id = metadata[idKey]
  return typeof id === 'string' && metadata.source === sourceIdOf(id)
}

/** The text of a document as it is embedded and stored: what a splitter left of a surrogate pair is replaced, for no store takes it. */
export function storedText({ pageContent }: DocumentInterface): string {
  return pageContent.toWellFormed()
}

/** A LangChain document with its vector as a source of one chunk. */
export function toSource(document: DocumentInterface, id: string, { vector, createdAt }: ReusableVector): SourceChunks {
  const text = storedText(document)
  const own = plainMetadata(document.metadata)
  const source = sourceIdOf(id)
  const hash = textHash(text)
  const now = new Date().toISOString().replace('Z', '000000Z')
  const metadata = {
    ...Object.fromEntries(Object.entries(own).map(([key, value]) => [isKeptAside(key) ? ownKey(key) : key, value])),
    [idKey]: id,
    source,
    chunk: 0,
    start: 0,
    end: text.length,
    lines: { from: 1, to: text.split('\n').length },
    tokens: 0,
  }
  return {
    state: {
      id: source,
      contentHash: sha256(JSON.stringify([text, own])),
      size: Buffer.byteLength(text),
      modifiedAt: now,
      observedAt: now,
      recipe: 'langchain',
      chunkCount: 1,
    },
    chunks: [
      { id: chunkId(source, hash, 0), pageContent: text, embedText: text, textHash: hash, metadata, vector, createdAt },
    ],
  }
}

/** A stored chunk as a LangChain document: one that was added comes back with the id and the metadata that it had. */
export function toDocument({ id, pageContent, metadata }: Pick<Chunk, 'id' | 'pageContent' | 'metadata'>): Document {
  if (!isAddedDocument(metadata)) return new Document({ id, pageContent, metadata: { ...metadata } })
  const own: Record<string, JsonValue | undefined> = {}
  for (const [key, value] of Object.entries(metadata)) if (key !== idKey && !isKeptAside(key)) own[key] = value
  for (const key of storeKeys) {
    const aside = ownKey(key)
    if (!(aside in own)) continue
    own[key] = own[aside]
    delete own[aside]
  }
  return new Document({ id: metadata[idKey] as string, pageContent, metadata: own })
}
