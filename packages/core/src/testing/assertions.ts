import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { ErrorCode, QuernError } from '../quern-error.ts'
import { errorMessage, isQuernError } from '../quern-error.ts'

async function rejectionOf(action: () => Promise<unknown>, what: string): Promise<unknown> {
  let outcome: unknown
  try {
    outcome = await action()
  } catch (thrown) {
    return thrown
  }
  const resolved = inspect(outcome, { depth: 1, maxArrayLength: 2, maxStringLength: 80 })
  return assert.fail(`${what}: expected a rejection, but it resolved with ${resolved}`)
}

/** Asserts that `action` rejects with a `QuernError` of this code, and returns it. */
export async function assertRefused(
  action: () => Promise<unknown>,
  code: ErrorCode,
  what: string,
): Promise<QuernError> {
  const thrown = await rejectionOf(action, `${what} (${code})`)
  const got = isQuernError(thrown) ? `QuernError ${thrown.code}` : 'an error that is no QuernError'
  assert.ok(isQuernError(thrown, code), `${what}: expected ${code}, got ${got}: ${errorMessage(thrown)}`)
  assert.notEqual(thrown.message, '', `${what}: the error has no message`)
  return thrown
}

/** Asserts that `action` rejects with exactly this reason. */
export async function assertRejectsWith(action: () => Promise<unknown>, reason: unknown, what: string): Promise<void> {
  const thrown = await rejectionOf(action, what)
  assert.strictEqual(thrown, reason, `${what}: rejected, but not with the reason of the signal`)
}

/** Everything that an iteration yields. */
export async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const elements: T[] = []
  for await (const element of iterable) elements.push(element)
  return elements
}

/** The bits of a vector: tell apart what `===` does not (0 and −0) and compare what it cannot (NaN). */
export function vectorBits(vector: Float32Array): number[] {
  return [...new Uint32Array(vector.slice().buffer)]
}
