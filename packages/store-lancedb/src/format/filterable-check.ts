import { QuernError } from '@quern/core'
import type { FilterableField } from '../lance-store-options.ts'

function describe(fields: readonly FilterableField[]): string {
  const names = fields.map(({ field, type }) => `${field} (${type})`)
  return names.length === 0 ? 'none' : names.toSorted().join(', ')
}

/** Refuses fields that cannot be declared: one without a name, one that is declared twice. */
export function checkFilterable(fields: readonly FilterableField[]): void {
  const names = fields.map(({ field }) => field)
  const fault = names.find((name, index) => name === '' || !name.isWellFormed() || names.indexOf(name) !== index)
  if (fault === undefined) return
  throw new QuernError('OPTION_INVALID', `the filterable field "${fault}" has no sound name, or stands there twice`)
}

/** Refuses declared fields that are not those of the store. None given at all are as good as the same ones. */
export function checkSameColumns(
  stored: readonly FilterableField[],
  wanted: readonly FilterableField[] | undefined,
  location: string,
): void {
  if (wanted === undefined || describe(stored) === describe(wanted)) return
  throw new QuernError(
    'OPTION_INVALID',
    `the store ${location} was created with other filterable fields: ${describe(stored)} instead of ${describe(wanted)}`,
    {
      hint: 'Leave the option out to go on with those of the store; filters on other fields work as well, more slowly. For other columns copy the store into a new one: nothing is computed again.',
      details: { location },
    },
  )
}
