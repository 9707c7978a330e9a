import { decodeText } from './decode-text.ts'
import { documentMetadata } from './document-metadata.ts'
import { firstHeading } from './markdown/first-heading.ts'
import { splitFrontMatter } from './markdown/front-matter.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'

async function readMarkdown({ bytes, sourceId, signal }: ReadRequest): Promise<ReadResult> {
  signal?.throwIfAborted()
  const { text, ...encoding } = await decodeText(bytes, { sourceId })
  const { body, firstLine, declared, error } = await splitFrontMatter(text)
  const metadata = documentMetadata(declared)
  const title = metadata['title'] ?? firstHeading(body)
  return {
    pageContent: body,
    ...(firstLine === 1 ? {} : { firstLine }),
    metadata: {
      ...metadata,
      ...(title === undefined ? {} : { title }),
      ...(error === undefined ? {} : { frontMatterError: error }),
      ...encoding,
    },
  }
}

/**
 * Reads Markdown and MDX as they stand. YAML front matter is cut off and becomes metadata; where it is not valid it stays in the
 * text, and `metadata.frontMatterError` says what is wrong with it. Without a title there, the first level-one heading is the title.
 */
export const markdownReader: Reader = {
  name: 'markdown',
  version: 2,
  mediaType: 'text/markdown',
  extensions: ['.md', '.markdown', '.mdown', '.mkd', '.mdx'],
  read: readMarkdown,
}
