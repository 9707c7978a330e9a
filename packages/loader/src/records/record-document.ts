import type { JsonValue } from '@quern/core'
import { normalizeText } from '../readers/decode-text.ts'
import { documentMetadata } from '../readers/document-metadata.ts'
import type { ReadMetadata } from '../readers/reader.ts'
import type { RecordFields } from './raw-record.ts'
import type { RecordRule } from './record-rule.ts'

const textColumns = [
  'text',
  'content',
  'contents',
  'body',
  'pageContent',
  'page_content',
  'document',
  'abstract',
  'description',
]
const titleColumns = ['title', 'name', 'headline', 'subject']
const idColumns = ['id', '_id']
/** A longer text is no metadata: it would travel with every chunk. */
const longestMetadata = 1000

/** A record as a document. */
export interface RecordDocument {
  readonly pageContent: string
  readonly metadata: ReadMetadata
}

function asText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The value of a column of the record itself, not of what all objects have. */
function valueOf(fields: RecordFields, column: string): JsonValue | undefined {
  return Object.hasOwn(fields, column) ? fields[column] : undefined
}

function firstColumn(fields: RecordFields, candidates: readonly string[], isLong = false): string | undefined {
  return candidates.find((column) => {
    const value = valueOf(fields, column)
    return typeof value === 'string' ? value.trim() !== '' : !isLong && typeof value === 'number'
  })
}

function isShort(value: JsonValue): boolean {
  return value !== null && (typeof value === 'object' ? JSON.stringify(value) : String(value)).length <= longestMetadata
}

/** The column with the id of a record, undefined where the rule names none and there is none of the usual name. */
export function idColumn(fields: RecordFields, { id }: RecordRule): string | undefined {
  return id ?? idColumns.find((column) => Object.hasOwn(fields, column))
}

/** The text and metadata of a record, as its rule says. Without a column of text, all columns are: a line each. */
export function recordDocument(fields: RecordFields, rule: RecordRule): RecordDocument {
  const found = rule.text ?? [firstColumn(fields, textColumns, true)].filter((column) => column !== undefined)
  const title = rule.title ?? firstColumn(fields, titleColumns)
  const id = idColumn(fields, rule)
  const all = Object.keys(fields).filter((column) => column !== id)
  const text =
    found.length === 0
      ? all.map((column) => `${column}: ${asText(valueOf(fields, column))}`).join('\n')
      : found
          .map((column) => asText(valueOf(fields, column)))
          .filter((part) => part.trim() !== '')
          .join('\n\n')
  const taken = new Set([...found, title, id])
  const columns =
    rule.metadata ?? all.filter((column) => !taken.has(column) && isShort(valueOf(fields, column) ?? null))
  const others = columns
    .map((column) => [column, valueOf(fields, column)] as const)
    .filter(([, value]) => value !== undefined)
  return {
    pageContent: normalizeText(text),
    metadata: documentMetadata({
      ...Object.fromEntries(others),
      ...(title === undefined ? {} : { title: asText(valueOf(fields, title)) }),
    }),
  }
}
