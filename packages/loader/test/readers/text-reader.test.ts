import { expect, test } from 'vitest'
import { textReader } from '../../src/readers/text-reader.ts'
import { readRequest } from './read-request.ts'

test('plain text comes as it stands', async () => {
  expect(await textReader.read(readRequest('# no heading\r\n---\n'))).toEqual({
    pageContent: '# no heading\n---\n',
    metadata: {},
  })
})

test('a guessed encoding is told', async () => {
  const { metadata } = await textReader.read(readRequest(Buffer.from('Text', 'utf16le')))
  expect(metadata).toEqual({ encoding: 'utf-16le', encodingGuessed: true })
})

test('an empty file is an empty text', async () => {
  expect(await textReader.read(readRequest(''))).toEqual({ pageContent: '', metadata: {} })
})

test('an aborted signal rejects with its reason', async () => {
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(textReader.read(readRequest('text', { signal }))).rejects.toThrow('enough')
})
