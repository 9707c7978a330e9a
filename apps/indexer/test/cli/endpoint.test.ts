import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { refuseLlamaHook, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { runIndexer } from './run-indexer.ts'

const dimensions = 16

/** Numbers that depend on the text alone. */
function embed(text: string): number[] {
  return Array.from(createHash('sha256').update(text).digest().subarray(0, dimensions), (byte) => byte - 127.5)
}

async function openServer() {
  const texts: string[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { input } = (await json(request)) as { input: string | string[] }
    const inputs = [input].flat()
    texts.push(...inputs)
    const data = inputs.map((text, index) => ({ object: 'embedding', index, embedding: embed(text) }))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ object: 'list', model: 'test', data }))
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}/v1`,
    texts,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function writeProject(folder: string, endpoint: string): Promise<void> {
  await mkdir(join(folder, 'docs'))
  await writeFile(join(folder, 'docs', 'a.md'), '# Mills\n\nA quern is a hand mill.\n')
  const model = { endpoint, name: 'test', dimensions }
  await writeFile(join(folder, 'indexer.config.json'), JSON.stringify({ sources: ['docs'], model }))
}

test('a configured endpoint embeds in place of llama.cpp, and is not asked when nothing has changed', async () => {
  await using temporary = await temporaryFolder()
  await using server = await openServer()
  await writeProject(temporary.path, server.endpoint)
  const options = { cwd: temporary.path, nodeOptions: ['--import', refuseLlamaHook] }

  const first = await runIndexer(['run', '--json'], options)
  expect(first.events().at(-1)).toMatchObject({ chunks: { embedded: 1 }, exitCode: 0 })
  expect(server.texts.some((text) => text.includes('hand mill'))).toBe(true)

  server.texts.length = 0
  const second = await runIndexer(['run', '--json'], options)
  expect(second.events().at(-1)).toMatchObject({ sources: { unchanged: 1 }, exitCode: 0 })
  expect(server.texts).toEqual([])

  const found = await runIndexer(['search', 'mill', '--json'], options)
  expect(found.events()).toMatchObject([{ rank: 1, metadata: { source: 'docs/a.md' } }])
})

test('an endpoint that nobody listens at is named, with the next step', async () => {
  await using temporary = await temporaryFolder()
  const server = await openServer()
  await writeProject(temporary.path, server.endpoint)
  await server[Symbol.asyncDispose]()
  const result = await runIndexer(['run'], { cwd: temporary.path })
  expect(result.exitCode).toBe(14)
  expect(result.stderr).toContain(server.endpoint)
})
