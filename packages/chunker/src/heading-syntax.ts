import type { DocumentMetadata } from '@quern/core'
import type { TextFormat } from './chunker-options.ts'

/**
 * Which lines are headings. `markdown`: ATX and setext. `rendered`: ATX with a blank line before and after, as loaders write
 * them into text that may hold other lines with `#`, such as shell comments in a PDF. `none`: no line is.
 */
export type HeadingSyntax = 'markdown' | 'rendered' | 'none'

const markdownTypes = /^(?:text\/(?:(?:x-)?(?:markdown|mdx)|x-org|x-tex)|application\/x-ipynb\+json)$/
const renderedTypes =
  /^(?:text\/html|text\/x-rst|message\/rfc822|application\/(?:xhtml\+xml|pdf|epub\+zip|vnd\.openxmlformats-officedocument\..+|vnd\.oasis\.opendocument\..+))$/

/** The syntax for a document, by its media type where the format is `auto`. Parameters of the media type do not matter. */
export function headingSyntax(format: TextFormat | 'auto', metadata: DocumentMetadata): HeadingSyntax {
  if (format !== 'auto') return format === 'markdown' ? 'markdown' : 'none'
  const [type = ''] = (metadata.mediaType ?? '').toLowerCase().split(';')
  if (markdownTypes.test(type.trim())) return 'markdown'
  return renderedTypes.test(type.trim()) ? 'rendered' : 'none'
}
