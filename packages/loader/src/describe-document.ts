import { posix } from 'node:path'
import type { DocumentMetadata } from '@quern/core'
import type { ReadMetadata, Reader } from './readers/reader.ts'

function jsonOnly(metadata: ReadMetadata): ReadMetadata {
  return JSON.parse(JSON.stringify(metadata)) as ReadMetadata
}

/**
 * The metadata of a document: what the file itself says, as plain JSON; the media type of its reader and the file name
 * without its ending as the title where the file says nothing; and always the source's own id as `source`.
 */
export function describeDocument(sourceId: string, reader: Reader, stated: ReadMetadata): DocumentMetadata {
  const metadata = jsonOnly(stated)
  const { title } = metadata as Partial<DocumentMetadata>
  const untitled = typeof title !== 'string' || title.trim() === ''
  return {
    mediaType: reader.mediaType,
    ...metadata,
    ...(untitled ? { title: posix.parse(sourceId).name } : {}),
    source: sourceId,
  }
}
