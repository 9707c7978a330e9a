import type { FilterValue } from '@quern/core'
import type { FilterableType } from '../lance-store-options.ts'
import { columnName, numberLiteral, stringLiteral } from '../read/sql-literals.ts'
import type { FilterTarget } from './filter-to-sql.ts'

/** How a field is compared; `ne` is the opposite of `eq`. */
export type ComparisonOperator = 'eq' | 'lt' | 'lte' | 'gt' | 'gte' | 'prefix' | 'in' | 'exists'

/** One comparison of a filter. */
export interface ScalarCondition {
  readonly field: string
  readonly operator: ComparisonOperator
  readonly value: FilterValue | readonly FilterValue[]
}

/**
 * What SQL can tell of a comparison. `necessary` holds wherever the comparison does, `sufficient` only where it does. Neither is ever
 * null, so that both may be negated.
 */
export interface LeafConditions {
  readonly necessary: string
  readonly sufficient: string
}

const never: LeafConditions = { necessary: 'FALSE', sufficient: 'FALSE' }
const orderings = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

function valuesOf(value: ScalarCondition['value']): readonly FilterValue[] {
  return typeof value === 'object' ? value : [value]
}

/** A value as a literal; undefined for one that stands in no column: not of the type, not finite, not well-formed. */
function literal(value: FilterValue, type: FilterableType): string | undefined {
  if (typeof value === 'string')
    return type.startsWith('string') && value.isWellFormed() ? stringLiteral(value) : undefined
  if (typeof value === 'number') return type === 'number' && Number.isFinite(value) ? numberLiteral(value) : undefined
  return type === 'boolean' ? String(Number(value)) : undefined
}

/** A comparison with a column; undefined when SQL cannot make it exactly. */
function comparison(column: string, type: FilterableType, { operator, value }: ScalarCondition): string | undefined {
  if (operator === 'exists') return 'TRUE'
  const literals = valuesOf(value).flatMap((one) => literal(one, type) ?? [])
  const list = type === 'string[]'
  if (operator === 'eq' || operator === 'in') {
    if (literals.length === 0) return 'FALSE'
    return list ? `array_has_any(${column}, [${literals.join(', ')}])` : `${column} IN (${literals.join(', ')})`
  }
  if (list) return undefined
  if (typeof value === 'boolean' || typeof value !== type) return 'FALSE'
  const [only] = literals
  if (only === undefined) return undefined
  return operator === 'prefix' ? `starts_with(${column}, ${only})` : `${column} ${orderings[operator]} ${only}`
}

function columnConditions(name: string, type: FilterableType, condition: ScalarCondition): LeafConditions {
  const column = columnName(name)
  const compared = comparison(column, type, condition)
  if (compared === 'FALSE') return never
  const present = `${column} IS NOT NULL`
  if (compared === undefined) return { necessary: `(${present})`, sufficient: 'FALSE' }
  const sql = compared === 'TRUE' ? `(${present})` : `(${present} AND ${compared})`
  return { necessary: sql, sufficient: sql }
}

const longestTextList = 16

/** The JSON text that stands in the metadata wherever a value is equal to this one; FALSE for a value that JSON does not have. */
function holdsText(value: FilterValue): string {
  const sound = typeof value === 'string' ? value.isWellFormed() : typeof value === 'boolean' || Number.isFinite(value)
  return sound ? holds(JSON.stringify(value)) : 'FALSE'
}

function holds(text: string): string {
  return `contains(${columnName('metadata')}, ${stringLiteral(text)})`
}

function anyOf(conditions: readonly string[]): string {
  const possible = conditions.filter((condition) => condition !== 'FALSE')
  return possible.length === 0 ? 'FALSE' : `(${possible.join(' OR ')})`
}

/** What can be told from the metadata as JSON text: which strings it must contain. */
function textConditions({ field, operator, value }: ScalarCondition): LeafConditions {
  if (!field.isWellFormed()) return never
  const key = holds(`${JSON.stringify(field)}:`)
  const withKey = (condition: string): LeafConditions =>
    condition === 'FALSE' ? never : { necessary: `(${key} AND ${condition})`, sufficient: 'FALSE' }
  const keyOnly: LeafConditions = { necessary: key, sufficient: 'FALSE' }
  if (operator === 'eq' || operator === 'in') {
    const values = valuesOf(value)
    return values.length > longestTextList ? keyOnly : withKey(anyOf(values.map(holdsText)))
  }
  if (operator === 'prefix' && typeof value === 'string' && value.isWellFormed())
    return withKey(holds(JSON.stringify(value).slice(0, -1)))
  return keyOnly
}

/** What SQL can tell of a comparison: of the columns of every chunk, of those of declared keys, or of the metadata as text. */
export function leafConditions(condition: ScalarCondition, { columns, irregular }: FilterTarget): LeafConditions {
  const { field, operator, value } = condition
  if (operator === 'exists' && value === false) {
    const { necessary, sufficient } = leafConditions({ field, operator, value: true }, { columns, irregular })
    return { necessary: opposite(sufficient), sufficient: opposite(necessary) }
  }
  if (field === 'source') return columnConditions('source', 'string', condition)
  if (field === 'chunk') return columnConditions('chunk', 'number', condition)
  const declared = columns.find((column) => column.field === field)
  if (declared === undefined) return textConditions(condition)
  const { necessary, sufficient } = columnConditions(declared.column, declared.type, condition)
  if (!irregular) return { necessary, sufficient }
  const exception = `(${columnName('irregular')} IS NOT NULL AND ${columnName('irregular')} = 1)`
  return { necessary: necessary === 'FALSE' ? exception : `(${necessary} OR ${exception})`, sufficient }
}

function opposite(condition: string): string {
  if (condition === 'TRUE') return 'FALSE'
  return condition === 'FALSE' ? 'TRUE' : `(NOT ${condition})`
}
