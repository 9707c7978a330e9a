import { refuseLlamaHook, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openGatedEndpoint, writeEndpointProject } from '../contention/gated-endpoint.ts'
import { runIndexer } from './run-indexer.ts'

test('a configured endpoint embeds in place of llama.cpp, and is not asked when nothing has changed', async () => {
  await using temporary = await temporaryFolder()
  await using server = await openGatedEndpoint()
  server.open()
  await writeEndpointProject(temporary.path, server.url, 1)
  const options = { cwd: temporary.path, nodeOptions: ['--import', refuseLlamaHook] }

  const first = await runIndexer(['run', '--json'], options)
  expect(first.events().at(-1)).toMatchObject({ chunks: { embedded: 1 }, exitCode: 0 })
  expect(server.texts.some((text) => text.includes('on wheels'))).toBe(true)

  server.texts.length = 0
  const second = await runIndexer(['run', '--json'], options)
  expect(second.events().at(-1)).toMatchObject({ sources: { unchanged: 1 }, exitCode: 0 })
  expect(server.texts).toEqual([])

  const found = await runIndexer(['search', 'wheels', '--json'], options)
  expect(found.events()).toMatchObject([{ rank: 1, metadata: { source: 'docs/0.txt' } }])
})

test('an endpoint that nobody listens at is named, with the next step', async () => {
  await using temporary = await temporaryFolder()
  const server = await openGatedEndpoint()
  await writeEndpointProject(temporary.path, server.url, 1)
  await server[Symbol.asyncDispose]()
  const result = await runIndexer(['run'], { cwd: temporary.path })
  expect(result.exitCode).toBe(14)
  expect(result.stderr).toContain(server.url)
})
