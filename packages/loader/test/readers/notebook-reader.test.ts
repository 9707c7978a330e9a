import { expect, test } from 'vitest'
import { notebookReader } from '../../src/readers/notebook-reader.ts'
import { readRequest } from './read-request.ts'

test('Markdown cells stand as they are, code cells in fences, outputs are left out', async () => {
  const notebook = {
    nbformat: 4,
    metadata: { language_info: { name: 'python' }, authors: [{ name: 'Ada' }] },
    cells: [
      { cell_type: 'markdown', source: ['# Mills\n', 'About them.'] },
      { cell_type: 'code', source: 'print("""```""")', outputs: [{ text: 'secret' }] },
      { cell_type: 'code', source: '```\nx' },
      { cell_type: 'code', source: [] },
    ],
  }
  const { pageContent, metadata } = await notebookReader.read(readRequest(JSON.stringify(notebook)))
  expect(pageContent).toBe('# Mills\nAbout them.\n\n```python\nprint("""```""")\n```\n\n````python\n```\nx\n````')
  expect(metadata).toEqual({ title: 'Mills', author: 'Ada', codeLanguage: 'python' })
})

test('worksheets of format 3 are read', async () => {
  const notebook = { worksheets: [{ cells: [{ cell_type: 'code', input: ['x = 1'] }] }] }
  expect((await notebookReader.read(readRequest(JSON.stringify(notebook)))).pageContent).toBe('```\nx = 1\n```')
})

test.each(['{', '[]', '{"cells": 1}', 'null', '7'])('%s is no notebook', async (content) => {
  await expect(notebookReader.read(readRequest(content))).rejects.toMatchObject({ code: 'CORRUPT' })
})

test('cells of other shapes than the format says do no harm', async () => {
  const cells = [null, 1, 'x', [], { cell_type: 'code' }, { source: 7 }, { source: [1, 'kept'] }]
  expect((await notebookReader.read(readRequest(JSON.stringify({ cells })))).pageContent).toBe('kept')
})
