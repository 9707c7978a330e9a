import type { Attributes } from './element-kinds.ts'

/** What a page says of itself. */
export interface PageMetadata {
  title?: string
  language?: string
  description?: string
  author?: string
  date?: string
  openGraphTitle?: string
}

/** Names of `<meta>`, and the key that each fills. The first one found wins. */
const metaKeys: ReadonlyMap<string, keyof PageMetadata> = new Map([
  ['description', 'description'],
  ['og:description', 'description'],
  ['author', 'author'],
  ['article:author', 'author'],
  ['dc.creator', 'author'],
  ['dcterms.creator', 'author'],
  ['date', 'date'],
  ['article:published_time', 'date'],
  ['dc.date', 'date'],
  ['dcterms.date', 'date'],
  ['og:title', 'openGraphTitle'],
])

const longest = 2000

function setOnce(metadata: PageMetadata, key: keyof PageMetadata, value: string | undefined): void {
  const text = value?.replaceAll(/\s+/g, ' ').trim() ?? ''
  if (text !== '' && text.length <= longest) metadata[key] ??= text
}

/** Takes from an element what it says of the page: `<html lang>` and `<meta>`. */
export function readPageMetadata(metadata: PageMetadata, name: string, attributes: Attributes): void {
  if (name === 'html') setOnce(metadata, 'language', attributes['lang'] ?? attributes['xml:lang'])
  if (name !== 'meta') return
  const key = metaKeys.get((attributes['name'] ?? attributes['property'] ?? '').toLowerCase())
  if (key !== undefined) setOnce(metadata, key, attributes['content'])
}

/** Takes the text of the first `<title>`. */
export function setTitle(metadata: PageMetadata, text: string): void {
  setOnce(metadata, 'title', text)
}
