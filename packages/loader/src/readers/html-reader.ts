import { posix } from 'node:path'
import { decodeText, normalizeText } from './decode-text.ts'
import { documentMetadata } from './document-metadata.ts'
import { declaredEncoding } from './html/declared-encoding.ts'
import { htmlToMarkdown } from './html/html-to-markdown.ts'
import { firstHeading } from './markdown/first-heading.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'

async function readHtml({ bytes, sourceId, timeoutMs, signal }: ReadRequest): Promise<ReadResult> {
  signal?.throwIfAborted()
  const { text: html, ...encoding } = await decodeText(bytes, { sourceId, declaredEncoding: declaredEncoding(bytes) })
  const page = await htmlToMarkdown(html, { sourceId, timeoutMs, signal })
  const pageContent = normalizeText(page.text)
  const { openGraphTitle, ...metadata } = page.metadata
  return {
    pageContent,
    metadata: {
      ...documentMetadata({ ...metadata, title: metadata.title ?? openGraphTitle ?? firstHeading(pageContent) }),
      ...(posix.extname(sourceId).toLowerCase() === '.xhtml' ? { mediaType: 'application/xhtml+xml' } : {}),
      ...encoding,
    },
  }
}

/**
 * Reads the main text of a web page as Markdown-like text, with its title, language, description, author and date where the page
 * declares them.
 */
export const htmlReader: Reader = {
  name: 'html',
  version: 2,
  mediaType: 'text/html',
  extensions: ['.html', '.htm', '.xhtml'],
  read: readHtml,
}
