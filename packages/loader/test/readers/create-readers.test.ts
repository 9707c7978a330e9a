import { expect, test } from 'vitest'
import { createReaders } from '../../src/readers/create-readers.ts'
import { readerFor } from '../../src/readers/reader-for.ts'

const created = createReaders()
const { readers } = created

test.each([
  ['README.md', 'markdown'],
  ['UPPER.MD', 'markdown'],
  ['page.XHTML', 'html'],
  ['index.en.html', 'html'],
  ['paper.pdf', 'pdf'],
  ['.txt', 'text'],
  ['README', 'text'],
  ['Dockerfile', 'code'],
  ['a.test.ts', 'code'],
  ['book.ipynb', 'notebook'],
  ['talk.VTT', 'subtitles'],
  ['letter.eml', 'mail'],
  ['index.rst', 'rst'],
])('%s is read as %s', (fileName, name) => {
  expect(readerFor(fileName, readers)?.name).toBe(name)
})

test.each(['READ', 'archive.zip', 'notes.', '', 'md'])('%j is read by none', (fileName) => {
  expect(readerFor(fileName, readers)).toBeUndefined()
})

test('no two readers share an ending, and all endings are lower case with their dot', () => {
  const extensions = readers.flatMap((reader) => reader.extensions)
  expect(new Set(extensions).size).toBe(extensions.length)
  expect(extensions.filter((extension) => !/^\.[a-z\d]+$/.test(extension))).toEqual([])
})

test('closing is safe twice', async () => {
  await created.close()
  await expect(created.close()).resolves.toBeUndefined()
})
