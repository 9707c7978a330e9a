import type * as Arrow from 'apache-arrow'
import type { FilterableType } from '../lance-store-options.ts'
import { encodeIdentity, identityKey } from './store-identity.ts'
import type { StoreIdentity } from './store-identity.ts'

type ArrowLibrary = typeof Arrow

/** Columns of the table `chunks` whose values are short strings of a chunk. */
export const stringColumns = ['source', 'textHash', 'createdAt'] as const
/** Columns of the table `chunks` whose values are short strings of the state of a source. */
export const stateStringColumns = ['contentHash', 'modifiedAt', 'observedAt', 'recipe'] as const
/** Columns of the table `chunks` whose values may be long: their offsets have 64 bits, so that two GiB of them fit together. */
export const textColumns = ['metadata', 'pageContent', 'embedPrefix', 'embedText'] as const
/** Columns of the table `chunks` with numbers of a chunk, in double precision like all numbers of a filter: whole ones are exact up to 2^53. */
export const numberColumns = ['chunk', 'checksum'] as const
/** Columns of the table `chunks` with numbers of the state of a source, in double precision. */
export const stateNumberColumns = ['chunkCount', 'size', 'committedAt'] as const

function filterType(arrow: ArrowLibrary, type: FilterableType): Arrow.DataType {
  switch (type) {
    case 'string':
      return new arrow.Utf8()
    case 'number':
      return new arrow.Float64()
    case 'boolean':
      return new arrow.Int8()
    case 'string[]':
      return new arrow.List(new arrow.Field('item', new arrow.Utf8(), true))
  }
}

/** The schema of the table `chunks` of a store. Of all columns only `id` is never null. */
export function chunkSchema(arrow: ArrowLibrary, identity: StoreIdentity): Arrow.Schema {
  const { space, filterable } = identity
  const nullable = (name: string, type: Arrow.DataType): Arrow.Field => new arrow.Field(name, type, true)
  const fields = [
    new arrow.Field('id', new arrow.Utf8(), false),
    ...[...stringColumns, ...stateStringColumns].map((name) => nullable(name, new arrow.Utf8())),
    ...textColumns.map((name) => nullable(name, new arrow.LargeUtf8())),
    ...[...numberColumns, ...stateNumberColumns].map((name) => nullable(name, new arrow.Float64())),
    nullable('vector', new arrow.FixedSizeList(space.dimensions, new arrow.Field('item', new arrow.Float32(), true))),
    ...(filterable.length === 0 ? [] : [nullable('irregular', new arrow.Int8())]),
    ...filterable.map(({ column, type }) => nullable(column, filterType(arrow, type))),
  ]
  return new arrow.Schema(fields, new Map([[identityKey, encodeIdentity(identity)]]))
}

/** The schema of the table `meta`. */
export function metaSchema(arrow: ArrowLibrary): Arrow.Schema {
  return new arrow.Schema([
    new arrow.Field('key', new arrow.Utf8(), false),
    new arrow.Field('value', new arrow.Utf8(), false),
  ])
}
