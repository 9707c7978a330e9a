import type { EmbeddingSpace } from '@quern/core'
import { QuernError } from '@quern/core'
import type { FilterableField, FilterableType } from '../lance-store-options.ts'
import { formatName, formatVersion } from './store-layout.ts'

/** A declared key of the metadata and the column that holds it. */
export interface FilterColumn extends FilterableField {
  readonly column: string
}

/** What of a store never changes. It stands as JSON in the metadata of the schema of `chunks`, under the key `quern`. */
export interface StoreIdentity {
  readonly space: EmbeddingSpace
  /** ISO 8601. */
  readonly createdAt: string
  readonly filterable: readonly FilterColumn[]
}

/** Key of the identity in the metadata of the schema. */
export const identityKey = 'quern'

/** Names of columns for declared fields: letters, digits and underscores of the field, told apart by number where needed. */
export function filterColumns(fields: readonly FilterableField[]): FilterColumn[] {
  const taken = new Set<string>()
  return fields.map(({ field, type }) => {
    const base = `meta_${field.replaceAll(/[^A-Za-z0-9_]/g, '_')}`
    let column = base
    for (let number = 2; taken.has(column.toLowerCase()); number++) column = `${base}_${number}`
    taken.add(column.toLowerCase())
    return { field, type, column }
  })
}

/** The identity as it is stored. */
export function encodeIdentity({ space, createdAt, filterable }: StoreIdentity): string {
  const { model, dimensions, fingerprint } = space
  return JSON.stringify({
    format: formatName,
    version: formatVersion,
    space: { model, dimensions, fingerprint },
    createdAt,
    filterable,
  })
}

type Fields<T> = Partial<Record<keyof T, unknown>>

const filterableTypes: readonly FilterableType[] = ['string', 'number', 'boolean', 'string[]']

function isFilterColumn(value: unknown): value is FilterColumn {
  if (typeof value !== 'object' || value === null) return false
  const { field, type, column }: Fields<FilterColumn> = value
  return (
    typeof field === 'string' &&
    filterableTypes.some((known) => known === type) &&
    typeof column === 'string' &&
    /^meta_\w+$/.test(column)
  )
}

function isIdentity(value: Fields<StoreIdentity>): value is StoreIdentity {
  if (typeof value.space !== 'object' || value.space === null) return false
  const { model, dimensions, fingerprint }: Fields<EmbeddingSpace> = value.space
  return (
    typeof model === 'string' &&
    Number.isSafeInteger(dimensions) &&
    Number(dimensions) > 0 &&
    typeof fingerprint === 'string' &&
    typeof value.createdAt === 'string' &&
    Array.isArray(value.filterable) &&
    value.filterable.every(isFilterColumn)
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/**
 * The identity in the metadata of a schema. Throws `STORE_NEWER` for a newer version of the format, and `STORE_CORRUPT` for a table
 * `chunks` that is none of this package or whose identity is damaged. `location` is the place of the store, for messages.
 */
export function decodeIdentity(metadata: ReadonlyMap<string, string>, location: string): StoreIdentity {
  const value = parseJson(metadata.get(identityKey) ?? '')
  const { format, version, ...rest } = (typeof value === 'object' && value !== null ? value : {}) as {
    format?: unknown
    version?: unknown
  } & Fields<StoreIdentity>
  if (format === formatName && typeof version === 'number' && version > formatVersion) {
    throw new QuernError(
      'STORE_NEWER',
      `${location} has version ${version} of the format; this program knows versions up to ${formatVersion}`,
      { hint: 'Update the program, or use another store. Nothing was changed.', details: { version } },
    )
  }
  if (format === formatName && version === formatVersion && isIdentity(rest)) return rest
  throw new QuernError('STORE_CORRUPT', `the table chunks in ${location} is not one of this program, or is damaged`, {
    hint: 'Check the path. Nothing was changed.',
    details: { location },
  })
}
