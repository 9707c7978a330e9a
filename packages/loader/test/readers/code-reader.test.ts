import { expect, test } from 'vitest'
import { codeReader } from '../../src/readers/code-reader.ts'
import { readRequest } from './read-request.ts'

test.each([
  ['src/main.TS', 'typescript'],
  ['Makefile', 'make'],
  ['a/b.py', 'python'],
])('%s stands as it is, its language named', async (name, codeLanguage) => {
  const { pageContent, metadata } = await codeReader.read(readRequest('# x\n\ty\n', { sourceId: `root/${name}` }))
  expect(pageContent).toBe('# x\n\ty\n')
  expect(metadata).toEqual({ title: name.split('/').at(-1), codeLanguage })
})
