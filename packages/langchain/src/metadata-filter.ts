import type { Filter, FilterValue } from '@quern/core'
import { QuernError } from '@quern/core'
import { isKeptAside, ownKey } from './stored-document.ts'

/** A filter of Quern, or values that keys of the metadata must have: one, or one of several. */
export type MetadataFilter = Filter | Readonly<Record<string, FilterValue | readonly FilterValue[]>>

function isFilter(filter: MetadataFilter): filter is Filter {
  const members = filter as Record<string, unknown>
  return Array.isArray(members['and']) || Array.isArray(members['or']) || isNegation(members) || 'op' in members
}

function isNegation(members: Record<string, unknown>): boolean {
  return typeof members['not'] === 'object' && !Array.isArray(members['not'])
}

function isValue(value: unknown): value is FilterValue {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function refuse(what: string): never {
  throw new QuernError('QUERY_INVALID', `${what} is no filter of Quern`, {
    hint: "Give values that must be there ({ kind: 'mill' }), or a filter of Quern ({ field: 'page', op: 'gte', value: 2 }).",
  })
}

function conditionOf(field: string, value: unknown): Filter {
  if (isValue(value)) return { field, op: 'eq', value }
  if (Array.isArray(value) && value.every((one) => isValue(one))) return { field, op: 'in', value }
  return refuse(JSON.stringify({ [field]: value }))
}

/** An added document has its own `source`, `chunk` and the like under other keys; a condition on such a key asks both. */
function withOwnKeys(filter: Filter): Filter {
  if ('and' in filter) return { and: filter.and.map((part) => withOwnKeys(part)) }
  if ('or' in filter) return { or: filter.or.map((part) => withOwnKeys(part)) }
  if ('not' in filter) return { not: withOwnKeys(filter.not) }
  if (!isKeptAside(filter.field)) return filter
  const both = [filter, { ...filter, field: ownKey(filter.field) }]
  const isAbsence = filter.op === 'ne' || (filter.op === 'exists' && !filter.value)
  return isAbsence ? { and: both } : { or: both }
}

/**
 * The filter that a store is asked with. Throws `QUERY_INVALID` for filters of other stores, such as functions and `{ key: { $eq: 1 } }`, which
 * would otherwise leave out nothing.
 */
export function toFilter(filter: MetadataFilter | undefined | null): Filter | undefined {
  if (filter === undefined || filter === null) return undefined
  if (typeof filter !== 'object' || Array.isArray(filter)) return refuse(`a ${typeof filter}`)
  if (isFilter(filter)) return withOwnKeys(filter)
  return { and: Object.entries(filter).map(([field, value]) => withOwnKeys(conditionOf(field, value))) }
}
