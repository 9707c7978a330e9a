import { QuernError } from '@quern/core'
import type { Filter, FilterValue } from '@quern/core'

/** A value as it was typed may stand in the metadata as a text, a number or a boolean. */
function readings(text: string): FilterValue[] {
  const values: FilterValue[] = [text]
  if (text === 'true' || text === 'false') values.push(text === 'true')
  const number = Number(text)
  if (text.trim() !== '' && Number.isFinite(number)) values.push(number)
  return values
}

/**
 * The conditions of `--filter key=value`, all of which must hold; `key=value*` matches texts by their beginning. Throws
 * `OPTION_INVALID` for anything else.
 */
export function parseFilters(conditions: readonly string[]): Filter | undefined {
  if (conditions.length === 0) return undefined
  const and = conditions.map((condition): Filter => {
    const equals = condition.indexOf('=')
    if (equals < 1) {
      throw new QuernError('OPTION_INVALID', `the filter "${condition}" is not of the form key=value`, {
        hint: 'For instance --filter mediaType=text/html or --filter "source=docs/*".',
      })
    }
    const field = condition.slice(0, equals)
    const value = condition.slice(equals + 1)
    return value.endsWith('*')
      ? { field, op: 'prefix', value: value.slice(0, -1) }
      : { field, op: 'in', value: readings(value) }
  })
  return { and }
}
