import type { Filter } from '@quern/core'
import type { FilterColumn } from '../format/store-identity.ts'
import type { ComparisonOperator, ScalarCondition } from './leaf-to-sql.ts'
import { leafConditions } from './leaf-to-sql.ts'

/** The columns that a filter can make use of. */
export interface FilterTarget {
  readonly columns: readonly FilterColumn[]
  /** Whether there are rows with a declared key whose value its column could not hold. */
  readonly irregular: boolean
}

/**
 * Most conditions in one expression, and most levels: LanceDB parses expressions by recursion, and too long a chain of `AND` or `OR` ends
 * the process.
 */
const mostConditions = 64
const mostLevels = 24

type Leaf = Extract<Filter, { readonly field: string }>

function conditionsOf({ field, op, value }: Leaf): ScalarCondition {
  // `ne` holds exactly where `eq` does not.
  const operator: ComparisonOperator = op === 'ne' ? 'eq' : op
  return { field, operator, value }
}

function join(parts: readonly string[], operator: 'AND' | 'OR'): string {
  const [absorbing, neutral] = operator === 'AND' ? ['FALSE', 'TRUE'] : ['TRUE', 'FALSE']
  if (parts.includes(absorbing)) return absorbing
  const left = parts.filter((part) => part !== neutral)
  if (left.length === 0) return neutral
  return left.length === 1 ? (left[0] as string) : `(${left.join(` ${operator} `)})`
}

function negated(condition: string): string {
  if (condition === 'TRUE') return 'FALSE'
  return condition === 'FALSE' ? 'TRUE' : `(NOT ${condition})`
}

/**
 * SQL that holds for every chunk whose metadata satisfies the filter, and for as few others as can be told: the answers are compared with the
 * filter itself afterwards. Only names of known columns and escaped literals get into it.
 */
export function filterToSql(filter: Filter, target: FilterTarget): string {
  let conditions = 0

  /** SQL that holds wherever the filter gives `wanted`. */
  const compile = (part: Filter, wanted: boolean, level: number): string => {
    if (level > mostLevels) return 'TRUE'
    if ('not' in part) return compile(part.not, !wanted, level + 1)
    if ('and' in part) return compileAll(part.and, wanted, { operator: wanted ? 'AND' : 'OR', level })
    if ('or' in part) return compileAll(part.or, wanted, { operator: wanted ? 'OR' : 'AND', level })
    if (++conditions > mostConditions) return 'TRUE'
    const { necessary, sufficient } = leafConditions(conditionsOf(part), target)
    return wanted === (part.op !== 'ne') ? necessary : negated(sufficient)
  }
  const compileAll = (
    parts: readonly Filter[],
    wanted: boolean,
    { operator, level }: { readonly operator: 'AND' | 'OR'; readonly level: number },
  ): string =>
    join(
      parts.map((part) => compile(part, wanted, level + 1)),
      operator,
    )
  return compile(filter, true, 0)
}
