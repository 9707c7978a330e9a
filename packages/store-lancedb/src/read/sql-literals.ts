/** A string as an SQL literal. LanceDB takes everything between the quotes as it stands but the quote, which is doubled. */
export function stringLiteral(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** A finite number as an SQL literal. */
export function numberLiteral(value: number): string {
  return String(value === 0 ? 0 : value)
}

/** The name of a column in SQL. Only for names that this package has given: they hold no backtick. */
export function columnName(name: string): string {
  return `\`${name}\``
}

/** `column IN (…)`; false for no values. */
export function isOneOf(column: string, values: readonly string[]): string {
  return values.length === 0 ? 'FALSE' : `${columnName(column)} IN (${values.map(stringLiteral).join(', ')})`
}

const longestList = 500
const longestListCharacters = 1_000_000

/** Cuts a list of strings into lists that are short enough for one query each. Their order stays. */
export function* inLists(values: Iterable<string>): Generator<string[]> {
  let list: string[] = []
  let characters = 0
  for (const value of values) {
    list.push(value)
    characters += value.length
    if (list.length < longestList && characters < longestListCharacters) continue
    yield list
    list = []
    characters = 0
  }
  if (list.length > 0) yield list
}
