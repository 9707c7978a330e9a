import type { JsonValue } from '@quern/core'

/**
 * The metadata of a LangChain document as a store takes them: what JSON keeps of them (dates become text, functions are left out), with lone
 * halves of surrogate pairs replaced.
 */
export function plainMetadata(metadata: Record<string, unknown> | undefined): { [key: string]: JsonValue } {
  const text = JSON.stringify(metadata ?? {}, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
  return JSON.parse(text, (_key, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value)) as {
    [key: string]: JsonValue
  }
}
