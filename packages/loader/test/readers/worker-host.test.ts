import { getEventListeners } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { runNode } from '@quern/test-fixtures'
import { createPdfReader } from '../../src/readers/pdf-reader.ts'
import { makePdf } from './make-pdf.ts'
import { readRequest } from './read-request.ts'

const workerUrl = new URL('hanging-worker.js', import.meta.url)
const hello = makePdf({ pages: [{ lines: ['Hello.'] }] })

function openReader(options?: { readonly workerUrl: URL }) {
  const reader = createPdfReader(options)
  onTestFinished(() => reader[Symbol.asyncDispose]())
  return reader
}

test('a worker that does not answer in time is stopped', async () => {
  const reader = openReader({ workerUrl })
  const reading = reader.read(readRequest('hang', { timeoutMs: 200 }))
  await expect(reading).rejects.toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('200 ms') })
})

test('an abort stops the worker and rejects with the reason of the signal', async () => {
  const reader = openReader({ workerUrl })
  const abort = new AbortController()
  const reading = reader.read(readRequest('hang', { signal: abort.signal }))
  setTimeout(() => abort.abort(new Error('enough')), 100)
  await expect(reading).rejects.toThrow('enough')
  await expect(reader.read(readRequest('crash'))).rejects.toMatchObject({ code: 'CORRUPT' })
})

test('a file that waits its turn rejects at once when it is aborted, and is never read', async () => {
  const reader = openReader({ workerUrl })
  const first = reader.read(readRequest('hang', { timeoutMs: 600 })).catch(() => performance.now())
  const abort = new AbortController()
  const second = reader.read(readRequest('hang', { signal: abort.signal })).catch(() => performance.now())
  abort.abort()
  const [firstEnd, secondEnd] = await Promise.all([first, second])
  expect(secondEnd).toBeLessThan(Number(firstEnd))
})

test('a signal that is already aborted starts nothing', async () => {
  const reader = openReader({ workerUrl })
  const signal = AbortSignal.abort(new Error('before'))
  await expect(reader.read(readRequest('hang', { signal }))).rejects.toThrow('before')
})

test('a signal has no listeners left after a file', async () => {
  const reader = openReader()
  const { signal } = new AbortController()
  await reader.read(readRequest(hello, { signal }))
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test.each([
  ['crash', 'CORRUPT'],
  ['outOfMemory', 'RESOURCE_LIMIT'],
  ['throw', 'RESOURCE_LIMIT'],
  ['exit', 'RESOURCE_LIMIT'],
])('a worker that ends by %s gives %s, and the next file a new worker', async (behaviour, code) => {
  const reader = openReader({ workerUrl })
  for (let round = 0; round < 3; round++) {
    await expect(reader.read(readRequest(behaviour))).rejects.toMatchObject({ code })
  }
})

test('a worker that cannot be started rejects the file', async () => {
  const reader = openReader({ workerUrl: new URL('no-such-worker.js', import.meta.url) })
  await expect(reader.read(readRequest(hello))).rejects.toMatchObject({ code: 'RESOURCE_LIMIT' })
})

test('closing stops what is being read, is safe twice, and refuses what comes later', async () => {
  const reader = openReader({ workerUrl })
  const reading = reader.read(readRequest('hang')).catch((error: unknown) => error)
  const waiting = reader.read(readRequest('hang')).catch((error: unknown) => error)
  await new Promise((resolve) => setTimeout(resolve, 100))
  await Promise.all([reader[Symbol.asyncDispose](), reader[Symbol.asyncDispose]()])
  expect(await reading).toMatchObject({ code: 'UNREADABLE' })
  expect(await waiting).toMatchObject({ code: 'UNREADABLE' })
  await expect(reader.read(readRequest('crash'))).rejects.toMatchObject({ code: 'UNREADABLE' })
})

test('closing a reader that read nothing does nothing', async () => {
  const reader = createPdfReader()
  await expect(reader[Symbol.asyncDispose]()).resolves.toBeUndefined()
})

test('a process ends by itself after a file, though the reader was not closed, and prints nothing', async () => {
  const script = fileURLToPath(new URL('read-one-pdf.ts', import.meta.url))
  const { exitCode, stdout, stderr } = await runNode(['--disable-warning=ExperimentalWarning', script], {
    signal: AbortSignal.timeout(20_000),
  })
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: 'Hello.', stderr: '' })
}, 30_000)
