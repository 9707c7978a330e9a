import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { corpusFolder, formatsFolder, officeFolder } from '../src/index.ts'

test.each([
  { folder: corpusFolder, table: 'corpus-licences.md' },
  { folder: formatsFolder, table: 'formats-licences.md' },
  { folder: officeFolder, table: 'office-licences.md' },
])('$table says of every file where it comes from', async ({ folder, table }) => {
  const text = await readFile(join(folder, '..', table), 'utf8')
  const told = new Set(Array.from(text.matchAll(/^\| ([^|]+) \|/gm), ([, files = '']) => files.split(', ')).flat())
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
  expect(files.filter((file) => !told.has(file))).toEqual([])
})
