import type { DocumentMetadata } from '@quern/core'
import type { TextFormat } from '../chunker-options.ts'

/**
 * Which lines mean something. `markdown`: ATX and setext headings, fences, tables. `rendered`: the same, but ATX headings only, with a
 * blank line before and after, as loaders write them into text that may hold other lines with `#`, such as shell comments in a PDF.
 * `none`: no line does. `code`: source code, in which declarations do.
 */
export type TextSyntax = 'markdown' | 'rendered' | 'none' | 'code'

const markdownTypes = /^(?:text\/(?:(?:x-)?(?:markdown|mdx)|x-org|x-tex)|application\/x-ipynb\+json)$/
const renderedTypes =
  /^(?:text\/html|text\/x-rst|message\/rfc822|application\/(?:xhtml\+xml|pdf|epub\+zip|vnd\.openxmlformats-officedocument\..+|vnd\.oasis\.opendocument\..+))$/
const codeType = 'text/x-source-code'

const syntaxes = { markdown: 'markdown', plain: 'none', code: 'code' } as const

/** The syntax of a document, by its media type where the format is `auto`. Parameters of the media type do not matter. */
export function textSyntax(format: TextFormat | 'auto', metadata: DocumentMetadata): TextSyntax {
  if (format !== 'auto') return syntaxes[format]
  const [mediaType = ''] = (metadata.mediaType ?? '').toLowerCase().split(';')
  const type = mediaType.trim()
  if (type === codeType) return 'code'
  if (markdownTypes.test(type)) return 'markdown'
  return renderedTypes.test(type) ? 'rendered' : 'none'
}

/** The language of a document's code, as its loader named it, in lower case; empty where that is not known. */
export function codeLanguage({ codeLanguage: language }: DocumentMetadata): string {
  return typeof language === 'string' ? language.toLowerCase() : ''
}
