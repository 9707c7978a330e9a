import type { DocumentInterface } from '@langchain/core/documents'
import { Document } from '@langchain/core/documents'
import type { Chunk, JsonValue, SourceChunks } from '@quern/core'
import { sha256, textHash } from '@quern/core'

/** First part of the ids of sources that LangChain documents are kept as. */
const sourceRoot = 'langchain/'
/** Key under which a document's own `source` is kept: in the store that key names our source. */
const sourceKey = 'langchainSource'

/** Id of the source that a document with this id is kept as. */
function sourceIdOf(documentId: string): string {
  return `${sourceRoot}${documentId}`
}

/** Whether a source is a document that was added through LangChain. */
export function isAddedDocument(sourceId: string): boolean {
  return sourceId.startsWith(sourceRoot)
}

function asJson(metadata: Record<string, unknown>): { [key: string]: JsonValue } {
  return JSON.parse(JSON.stringify(metadata)) as { [key: string]: JsonValue }
}

/** A LangChain document with its vector as a source of one chunk. `id` is the id of both the document and the chunk. */
export function toSource(document: DocumentInterface, id: string, vector: Float32Array): SourceChunks {
  const { pageContent } = document
  const { source: ownSource, ...metadata } = asJson(document.metadata)
  const source = sourceIdOf(id)
  const now = new Date().toISOString().replace('Z', '000000Z')
  const place = { chunk: 0, start: 0, end: pageContent.length, lines: { from: 1, to: pageContent.split('\n').length } }
  return {
    state: {
      id: source,
      contentHash: sha256(JSON.stringify([pageContent, document.metadata])),
      size: Buffer.byteLength(pageContent),
      modifiedAt: now,
      observedAt: now,
      recipe: 'langchain',
      chunkCount: 1,
    },
    chunks: [
      {
        id,
        pageContent,
        embedText: pageContent,
        textHash: textHash(pageContent),
        metadata: {
          tokens: 0,
          ...metadata,
          ...place,
          ...(ownSource === undefined ? {} : { [sourceKey]: ownSource }),
          source,
        },
        vector,
        createdAt: new Date().toISOString(),
      },
    ],
  }
}

/** A stored chunk as a LangChain document: one that was added comes back with the `source` that it had. */
export function toDocument({ id, pageContent, metadata }: Pick<Chunk, 'id' | 'pageContent' | 'metadata'>): Document {
  if (!isAddedDocument(metadata.source)) return new Document({ id, pageContent, metadata: { ...metadata } })
  const {
    [sourceKey]: ownSource,
    source: _,
    tokens: __,
    chunk: ___,
    start: ____,
    end: _____,
    lines: ______,
    ...own
  } = metadata
  return new Document({
    id,
    pageContent,
    metadata: { ...own, ...(ownSource === undefined ? {} : { source: ownSource }) },
  })
}
