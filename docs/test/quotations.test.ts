import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './pages.ts'
import { quotations } from './quotations.ts'

const quoted = await quotations()

test.each(quoted)('what $page quotes from $file in line $line stands there, line for line', async ({ file, text }) => {
  const source = await readFile(join(root, file), 'utf8')
  expect(`\n${source}`).toContain(`\n${text}`)
})

test('every example is quoted where its subject is explained', async () => {
  const entries = await readdir(join(root, 'examples'), { withFileTypes: true })
  // An application of five files, which its own page walks through.
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const expected = names.filter((name) => name !== 'background-indexing')
  const found = new Set(quoted.map(({ file }) => file.split('/')[1] ?? ''))
  expect([...found].toSorted()).toEqual(expected.toSorted())
})
