import type { JsonValue } from './metadata.ts'

/** A value that a filter compares with. */
export type FilterValue = string | number | boolean

/**
 * A condition on a chunk's metadata: a closed algebra that every store evaluates alike, never SQL.
 *
 * - `field` is a top-level key of the metadata.
 * - Comparisons are typed: a number never equals a string, and `lt`, `lte`, `gt`, `gte` hold only between two numbers or
 *   two strings (by code point).
 * - An array field satisfies a comparison when any of its elements does.
 * - An absent or null field satisfies no comparison; logic is two-valued, so `ne` and `not` hold for it.
 */
export type Filter =
  | { readonly and: readonly Filter[] }
  | { readonly or: readonly Filter[] }
  | { readonly not: Filter }
  | { readonly field: string; readonly op: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte'; readonly value: FilterValue }
  | { readonly field: string; readonly op: 'prefix'; readonly value: string }
  | { readonly field: string; readonly op: 'in'; readonly value: readonly FilterValue[] }
  | { readonly field: string; readonly op: 'exists'; readonly value: boolean }

/** Compares by code point, as every store orders strings. Negative, zero or positive. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    // A surrogate stands for a code point above U+FFFF, but its unit sorts below U+E000–U+FFFF.
    const xSurrogate = x >= 0xd800 && x <= 0xdfff
    const ySurrogate = y >= 0xd800 && y <= 0xdfff
    if (xSurrogate !== ySurrogate) return xSurrogate ? 1 : -1
    return x - y
  }
  return a.length - b.length
}

function compareScalars(op: 'eq' | 'lt' | 'lte' | 'gt' | 'gte', actual: JsonValue, value: FilterValue): boolean {
  if (op === 'eq') return actual === value
  let order: number
  if (typeof actual === 'number' && typeof value === 'number') order = actual - value
  else if (typeof actual === 'string' && typeof value === 'string') order = compareStrings(actual, value)
  else return false
  switch (op) {
    case 'lt':
      return order < 0
    case 'lte':
      return order <= 0
    case 'gt':
      return order > 0
    case 'gte':
      return order >= 0
  }
}

function anyElement(actual: JsonValue | undefined, test: (value: JsonValue) => boolean): boolean {
  if (actual === undefined || actual === null) return false
  return Array.isArray(actual) ? actual.some((element) => element !== null && test(element)) : test(actual)
}

/** Whether `metadata` satisfies `filter`. The reference that every store must agree with. */
export function matchesFilter(metadata: { readonly [key: string]: JsonValue | undefined }, filter: Filter): boolean {
  if ('and' in filter) return filter.and.every((part) => matchesFilter(metadata, part))
  if ('or' in filter) return filter.or.some((part) => matchesFilter(metadata, part))
  if ('not' in filter) return !matchesFilter(metadata, filter.not)
  const actual = Object.hasOwn(metadata, filter.field) ? metadata[filter.field] : undefined
  switch (filter.op) {
    case 'exists':
      return (actual !== undefined && actual !== null) === filter.value
    case 'ne':
      return !anyElement(actual, (element) => compareScalars('eq', element, filter.value))
    case 'in':
      return anyElement(actual, (element) => filter.value.some((value) => compareScalars('eq', element, value)))
    case 'prefix':
      return anyElement(actual, (element) => typeof element === 'string' && element.startsWith(filter.value))
    case 'eq':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte': {
      const { op, value } = filter
      return anyElement(actual, (element) => compareScalars(op, element, value))
    }
  }
}
