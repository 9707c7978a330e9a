import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createReaders } from '../src/readers/create-readers.ts'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

/** The members of a union of texts in a source file of the core package. */
async function unionOf(file: string, name: string): Promise<string[]> {
  const text = await readFile(new URL(`../../core/src/${file}`, import.meta.url), 'utf8')
  const [, union = ''] = new RegExp(`export type ${name} =((?:\\s+\\| '\\w+')+)`).exec(text) ?? []
  return Array.from(union.matchAll(/'(\w+)'/g), ([, member = '']) => member)
}

test('the table of codes has every reason of a listing and every code of loading', async () => {
  const skipped = await unionOf('source.ts', 'SkipReason')
  const failed = await unionOf('quern-error.ts', 'SourceErrorCode')
  expect(Math.min(skipped.length, failed.length)).toBeGreaterThan(8)
  const rows = readme.split('\n').filter((line) => /^\| `[A-Z_]+`/.test(line))
  const told = (code: string, from: string): boolean =>
    rows.some((row) => row.split('|')[1]?.includes(`\`${code}\``) === true && row.includes(`| ${from} |`))
  expect(skipped.filter((code) => !['listing', 'both', 'loading'].some((from) => told(code, from)))).toEqual([])
  const fromLoading = failed.filter((code) => !['loading', 'both'].some((from) => told(code, from)))
  // The size is known without reading.
  expect(fromLoading).toEqual(['TOO_LARGE'])
})

test('the table of formats has every ending that is parsed', async () => {
  const opened = createReaders()
  await opened.close()
  const parsed = opened.readers.filter(({ name }) => name !== 'text' && name !== 'code')
  const endings = parsed.flatMap(({ extensions }) => extensions)
  expect(endings.filter((ending) => !readme.includes(`\`${ending}\``))).toEqual([])
})
