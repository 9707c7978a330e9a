import type { JsonValue } from '@quern/core'
import type { ReadMetadata } from './reader.ts'

/** Keys whose meaning is fixed by the pipeline: what a document says under them is dropped. */
const reservedKeys: ReadonlySet<string> = new Set([
  'source',
  'chunk',
  'start',
  'end',
  'lines',
  'tokens',
  'page',
  'pageEnd',
  'pageLabel',
  'headings',
  'segments',
  'mediaType',
  'pageCount',
  'missingParts',
  'encoding',
  'encodingGuessed',
  'undecodedCharacters',
  'frontMatterError',
  '__proto__',
])

const deepest = 8
/** Metadata travels with every chunk: a longer title is none, a longer value of another key is left out. In characters, of JSON for values. */
const longestLine = 2000
const longestValue = 16_384

function toJsonObject(value: object, depth: number): { readonly [key: string]: JsonValue } {
  const entries: [string, JsonValue][] = []
  for (const [key, inner] of Object.entries(value)) {
    const json = toJsonValue(inner, depth + 1)
    if (json !== undefined && key !== '__proto__') entries.push([key, json])
  }
  return Object.fromEntries(entries)
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** A value as JSON: dates become ISO strings; what JSON cannot hold, and what is nested over 8 levels deep, is undefined. */
function toJsonValue(value: unknown, depth = 0): JsonValue | undefined {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString()
  if (typeof value !== 'object' || depth >= deepest) return undefined
  if (!Array.isArray(value)) return isPlainObject(value) ? toJsonObject(value, depth) : undefined
  return value.map((item) => toJsonValue(item, depth + 1)).filter((item) => item !== undefined)
}

/** One line of text from a string, number or date; names from lists and `{ name }` objects, joined by commas. */
function toLine(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return value.replaceAll(/\s+/g, ' ').trim() || undefined
  if (value === null || typeof value !== 'object') return undefined
  if (!Array.isArray(value)) return 'name' in value ? toLine(value['name']) : undefined
  const lines = value.map((item: JsonValue) => toLine(item)).filter((line) => line !== undefined)
  return lines.length === 0 ? undefined : lines.join(', ')
}

function isShort(value: JsonValue): boolean {
  return (typeof value === 'string' ? value : JSON.stringify(value)).length <= longestValue
}

/** What a document says of itself, in its own words. */
export interface DeclaredMetadata {
  readonly [key: string]: unknown
}

/**
 * The metadata of a document from what it declares: JSON values only, no key that the pipeline fills, `title`, `author`, `date` and
 * `language` as non-empty strings (`lang` and `authors` count as `language` and `author`) or absent. What is too long to travel with every chunk is
 * left out.
 */
export function documentMetadata(declared: DeclaredMetadata): ReadMetadata {
  const { title, author, authors, date, language, lang, ...others } = toJsonObject(declared, 0)
  const lines = {
    title: toLine(title),
    author: toLine(author) ?? toLine(authors),
    date: toLine(date),
    language: toLine(language) ?? toLine(lang),
  }
  const known = Object.entries(lines).filter(([, line]) => line !== undefined && line.length <= longestLine)
  const rest = Object.entries(others).filter(([key, value]) => !reservedKeys.has(key) && isShort(value))
  return Object.fromEntries([...known, ...rest])
}
