import { decodeText } from './decode-text.ts'
import { documentMetadata } from './document-metadata.ts'
import { firstHeading } from './markdown/first-heading.ts'
import type { RenderedMarkup } from './markup/markup.ts'
import { renderOrg } from './markup/render-org.ts'
import { renderRst } from './markup/render-rst.ts'
import { renderTex } from './markup/render-tex.ts'
import type { Reader } from './reader.ts'

type MarkupFormat = Pick<Reader, 'name' | 'mediaType' | 'extensions'> & {
  readonly render: (text: string) => RenderedMarkup
}

function createMarkupReader({ render, ...format }: MarkupFormat): Reader {
  return {
    ...format,
    version: 3,
    async read({ bytes, sourceId, signal }) {
      signal?.throwIfAborted()
      const { text, ...encoding } = await decodeText(bytes, { sourceId })
      const rendered = render(text)
      const metadata = documentMetadata(rendered.declared)
      const title = metadata['title'] ?? firstHeading(rendered.text)
      return {
        pageContent: rendered.text,
        metadata: {
          ...metadata,
          ...(title === undefined ? {} : { title }),
          ...encoding,
        },
      }
    },
  }
}

/** Readers of text with markup other than Markdown: headings and code become Markdown, line for line. */
export const markupReaders: readonly Reader[] = [
  createMarkupReader({ name: 'rst', mediaType: 'text/x-rst', extensions: ['.rst', '.rest'], render: renderRst }),
  createMarkupReader({ name: 'org', mediaType: 'text/x-org', extensions: ['.org'], render: renderOrg }),
  createMarkupReader({ name: 'tex', mediaType: 'text/x-tex', extensions: ['.tex', '.latex'], render: renderTex }),
]
