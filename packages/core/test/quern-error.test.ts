import { errorMessage, isQuernError, QuernError, systemErrorCode } from '@quern/core'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'

test('an error has a code, a message, a hint, details and its cause', () => {
  const cause = new Error('disk full')
  const error = new QuernError('STORE_WRITE_FAILED', 'cannot write', {
    hint: 'free space',
    details: { bytes: 7 },
    cause,
  })
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({
    name: 'QuernError',
    code: 'STORE_WRITE_FAILED',
    message: 'cannot write',
    hint: 'free space',
    details: { bytes: 7 },
    cause,
  })
})

test('an error without options has no hint, no cause and empty details', () => {
  const error = new QuernError('STORE_CLOSED', 'closed')
  expect(error.hint).toBeUndefined()
  expect(error.details).toEqual({})
  expect('cause' in error).toBe(false)
})

test('an error is recognised by its brand and its code', () => {
  const error: unknown = new QuernError('STORE_CLOSED', 'closed')
  expect(isQuernError(error)).toBe(true)
  expect(isQuernError(error, 'STORE_CLOSED')).toBe(true)
  expect(isQuernError(error, 'STORE_BUSY')).toBe(false)
})

test('an error of another copy of this package is recognised', async () => {
  const copy = (await import(/* @vite-ignore */ `${new URL('../src/quern-error.ts', import.meta.url).href}?copy`)) as {
    QuernError: typeof QuernError
    isQuernError: typeof isQuernError
  }
  const error = new copy.QuernError('STORE_BUSY', 'busy')
  expect(error instanceof QuernError).toBe(false)
  expect(isQuernError(error, 'STORE_BUSY')).toBe(true)
  expect(copy.isQuernError(new QuernError('STORE_BUSY', 'busy'), 'STORE_BUSY')).toBe(true)
})

test.each([
  ['a plain error', new Error('a')],
  ['an error with a code', Object.assign(new Error('a'), { code: 'STORE_BUSY' })],
  ['something that looks like one', { name: 'QuernError', code: 'STORE_BUSY', message: 'a' }],
  ['text', 'STORE_BUSY'],
  ['nothing', undefined],
  ['null', null],
])('%s is no error of Quern', (_, thrown) => {
  expect(isQuernError(thrown)).toBe(false)
})

test('the brand does not show when an error is printed', () => {
  const error = new QuernError('STORE_CLOSED', 'closed')
  expect(Object.keys(error).toSorted()).toEqual(['code', 'details', 'hint', 'name'])
  expect(
    Object.getOwnPropertySymbols(error).filter((symbol) => Object.prototype.propertyIsEnumerable.call(error, symbol)),
  ).toEqual([])
})

test('the message of anything thrown is text', () => {
  expect(errorMessage(new Error('oh'))).toBe('oh')
  expect(errorMessage('oh')).toBe('oh')
  expect(errorMessage(undefined)).toBe('undefined')
  expect(errorMessage(runInNewContext('"from elsewhere"'))).toBe('from elsewhere')
})

test('the code of a system error is its text, of all else undefined', () => {
  expect(systemErrorCode(Object.assign(new Error('a'), { code: 'ENOENT' }))).toBe('ENOENT')
  expect(systemErrorCode(Object.assign(new Error('a'), { code: 7 }))).toBeUndefined()
  expect(systemErrorCode(new Error('a'))).toBeUndefined()
  expect(systemErrorCode({ code: 'ENOENT' })).toBeUndefined()
})
