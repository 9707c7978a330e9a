import { setImmediate as nextTurn } from 'node:timers/promises'
import { QuernError } from '@quern/core'
import { flush, joinBlocks } from './block-writer.ts'
import type { Attributes, Furniture } from './element-kinds.ts'
import { mainBlocks } from './main-regions.ts'
import { addText, closeElement, createPage, openElement } from './page-handler.ts'
import type { Page } from './page-handler.ts'
import type { PageMetadata } from './page-metadata.ts'

export interface HtmlToMarkdownOptions {
  /** Id of the source, for messages. */
  readonly sourceId: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** A page as text. */
export interface MarkdownPage {
  readonly text: string
  readonly metadata: PageMetadata
}

/** Characters parsed before the clock is looked at and the event loop gets its turn; fewer where they take long. */
const pieceLength = 16_384
const leastPieceLength = 256
const longPieceMs = 100

const xhtml = /^\s*<\?xml\s|<html[^>]{0,500}\sxmlns\s*=/i

interface Parsing extends HtmlToMarkdownOptions {
  readonly html: string
  /** Moment by which parsing must have ended, by `performance.now()`. */
  readonly deadline: number
}

async function parsePage(parsing: Parsing, furniture: Furniture): Promise<Page> {
  const { html, sourceId, deadline, timeoutMs, signal } = parsing
  const { Parser } = await import('htmlparser2')
  const page = createPage(furniture)
  const parser = new Parser(
    {
      onopentag: (name: string, attributes: Attributes) => openElement(page, name, attributes),
      ontext: (text: string) => addText(page, text),
      onclosetag: (name: string) => closeElement(page, name),
    },
    { recognizeCDATA: true, recognizeSelfClosing: xhtml.test(html.slice(0, 2000)) },
  )
  let length = pieceLength
  for (let start = 0; start < html.length;) {
    const began = performance.now()
    parser.write(html.slice(start, start + length))
    start += length
    // Elements that are nested deeply take ever longer.
    if (performance.now() - began > longPieceMs) length = Math.max(length >> 1, leastPieceLength)
    await nextTurn()
    signal?.throwIfAborted()
    if (performance.now() > deadline) {
      throw new QuernError('TIMEOUT', `${sourceId} could not be read within ${timeoutMs} ms`, {
        hint: 'Exclude the file, or grant more time.',
      })
    }
  }
  parser.end()
  flush(page.writer)
  return page
}

/** Without its end tag, all that follows would be the title. */
function withoutUnclosedTitle(html: string): string {
  if (/<\/title/i.test(html)) return html
  const start = html.search(/<title/i)
  const end = start === -1 ? -1 : html.indexOf('>', start)
  return end === -1 ? html : html.slice(0, start) + html.slice(end + 1)
}

function textOf(page: Page): string {
  return joinBlocks(mainBlocks(page.writer.blocks, page.regions))
}

/**
 * Converts HTML to Markdown-like text: the main text of the page without navigation and other furniture, `#` headings, fenced code,
 * tables and lists; links and emphasis as plain text. Furniture is kept where nothing else is left, and forms where they hold most
 * of the text. Works in time linear in the text, but for deeply nested elements. Rejects with `TIMEOUT`, or with the signal's reason.
 */
export async function htmlToMarkdown(html: string, options: HtmlToMarkdownOptions): Promise<MarkdownPage> {
  const parsing = { ...options, html: withoutUnclosedTitle(html), deadline: performance.now() + options.timeoutMs }
  let page = await parsePage(parsing, 'drop')
  let text = textOf(page)
  if (page.formCharacters > text.length) {
    page = await parsePage(parsing, 'keep-forms')
    text = textOf(page)
  }
  if (text === '') {
    page = await parsePage(parsing, 'keep')
    text = textOf(page)
  }
  return { text, metadata: page.metadata }
}
