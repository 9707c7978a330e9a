import { readFile } from 'node:fs/promises'
import { isQuernError, QuernError } from '@quern/core'
import type { ErrorCode } from '@quern/core'
import { expect, test } from 'vitest'
import { exitCodeOf } from '../../src/exit-codes.ts'

const page = await readFile(new URL('../../../../docs/troubleshooting.md', import.meta.url), 'utf8')
const source = await readFile(new URL('../../../../packages/core/src/quern-error.ts', import.meta.url), 'utf8')
const entries = [...page.matchAll(/^### (\w+)\n\n([^#]+)/gm)].map(([, code = '', text = '']) => ({ code, text }))
const codes = [...source.matchAll(/^ {2}\| '(\w+)'$/gm)].map(([, code = '']) => code)

test('every error code has an entry, and every entry a code', () => {
  expect(codes.length).toBeGreaterThan(30)
  expect(entries.map(({ code }) => code).toSorted()).toEqual(codes.toSorted())
})

test.each(entries)('the entry for $code tells the exit code where it is not 1', ({ code, text }) => {
  const error = new QuernError(code as ErrorCode, 'test')
  expect(isQuernError(error)).toBe(true)
  const exitCode = exitCodeOf(error)
  const told = /Exit code (\d+)/.exec(text)?.[1]
  expect(told ?? '1').toBe(String(exitCode))
})
