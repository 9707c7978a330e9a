import { decodeText } from './decode-text.ts'
import { documentMetadata } from './document-metadata.ts'
import { firstHeading } from './markdown/first-heading.ts'
import { splitFrontMatter } from './markdown/front-matter.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'

async function readMarkdown({ bytes, sourceId, signal }: ReadRequest): Promise<ReadResult> {
  signal?.throwIfAborted()
  const { text, encoding } = await decodeText(bytes, { sourceId })
  const frontMatter = await splitFrontMatter(text)
  const pageContent = frontMatter?.body ?? text
  const metadata = documentMetadata(frontMatter?.declared ?? {})
  const title = metadata['title'] ?? firstHeading(pageContent)
  return {
    pageContent,
    ...(frontMatter === undefined ? {} : { firstLine: frontMatter.firstLine }),
    metadata: {
      ...metadata,
      ...(title === undefined ? {} : { title }),
      ...(encoding === undefined ? {} : { encoding }),
    },
  }
}

/**
 * Reads Markdown and MDX as they stand. YAML front matter is cut off and becomes metadata; where it is not valid it stays in the
 * text. Without a title there, the first level-one heading is the title.
 */
export const markdownReader: Reader = {
  name: 'markdown',
  version: 1,
  mediaType: 'text/markdown',
  extensions: ['.md', '.markdown', '.mdown', '.mkd', '.mdx'],
  read: readMarkdown,
}
