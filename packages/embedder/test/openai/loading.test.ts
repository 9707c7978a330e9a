import { hashParts } from '@quern/core'
import { afterAll, expect, test } from 'vitest'
import { changed, failing, good, sendItems, sendText, startEmbeddingServer } from './embedding-server.ts'
import type { Behaviour } from './embedding-server.ts'
import { openOn, refusal } from './open-on-server.ts'

const server = await startEmbeddingServer()
afterAll(() => server[Symbol.asyncDispose]())
const endpoint = `${server.baseUrl}/embeddings`

/** Address of a server that is gone. */
async function deadServer(): Promise<{ readonly baseUrl: string }> {
  await using gone = await startEmbeddingServer()
  return { baseUrl: gone.baseUrl }
}

test('contacts nobody before it is loaded, and asks once for all who load', async () => {
  server.behave(good)
  await using embedder = await openOn(server)
  expect(server.seen).toHaveLength(0)
  await Promise.all([embedder.load(), embedder.load(), embedder.load()])
  await embedder.load()
  expect(server.seen).toHaveLength(1)
})

test('has a space of the model, the dimensions and the document prefix, wherever the endpoint is', async () => {
  await using embedder = await openOn(server, { documentPrefix: 'd: ', apiKey: 'secret', queryPrefix: 'q: ' })
  await using moved = await openOn({ baseUrl: 'https://example.org/api/v1/' }, { documentPrefix: 'd: ' })
  const fingerprint = hashParts('quern-openai', '1', 'words', '8', 'l2', 'd: ')
  expect(embedder.space).toEqual({ model: 'words', dimensions: 8, fingerprint })
  expect(moved.space).toEqual(embedder.space)
  for (const other of [{ documentPrefix: '' }, { model: 'other' }, { dimensions: 9 }]) {
    await using different = await openOn(server, { documentPrefix: 'd: ', ...other })
    expect(different.space.fingerprint).not.toBe(fingerprint)
  }
})

test('names both numbers and the endpoint when the dimensions are others', async () => {
  server.behave(good)
  await using embedder = await openOn(server, { dimensions: 384 })
  const error = await refusal(embedder.load())
  expect(error).toMatchObject({ code: 'MODEL_INVALID', details: { dimensions: 384, received: 8, endpoint } })
  for (const part of ['384', ' 8 ', endpoint]) expect(error.message).toContain(part)
  expect(error.hint).toContain('dimensions')
})

test('says where it looked when nothing listens there, without trying again', async () => {
  const dead = await deadServer()
  await using embedder = await openOn(dead, { retryDelayMs: () => expect.fail('it tries again') })
  const error = await refusal(embedder.load())
  expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND', details: { attempts: 1 } })
  expect(error.message).toContain(dead.baseUrl)
  expect(error.message).toContain('ECONNREFUSED')
  expect(error.hint).toContain('llama-server')
})

test('says that there is no answer, without trying again', async () => {
  server.behave(() => true)
  await using embedder = await openOn(server, { timeoutMs: 50 })
  const error = await refusal(embedder.load())
  expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND', details: { attempts: 1 } })
  expect(error.message).toContain('50 ms')
})

test('says whether a key is wanted or refused, and where the command takes it from', async () => {
  for (const status of [401, 403]) {
    server.behave(failing(status, { error: { message: 'no entry' } }))
    await using without = await openOn(server)
    await using wrong = await openOn(server, { apiKey: 'k-123' })
    for (const [embedder, said] of [
      [without, 'wants a key'],
      [wrong, 'refuses the key'],
    ] as const) {
      const error = await refusal(embedder.load())
      expect(error).toMatchObject({ code: 'MODEL_INVALID', details: { status } })
      expect(error.message).toContain(said)
      expect(error.hint).toContain('QUERN_API_KEY')
    }
  }
})

test('sends the key as a bearer token, and none when there is none', async () => {
  for (const [apiKey, authorization] of [
    ['k-123', 'Bearer k-123'],
    [undefined, undefined],
  ] as const) {
    server.behave(good)
    await using embedder = await openOn(server, apiKey === undefined ? {} : { apiKey })
    await embedder.load()
    expect(server.seen[0]?.authorization).toBe(authorization)
  }
})

const refusals: readonly (readonly [string, Behaviour, string, string])[] = [
  ['a path that is not there', failing(404, { detail: 'Not Found' }), 'MODEL_NOT_FOUND', '/v1/embeddings'],
  [
    'a model that it does not have',
    failing(404, { error: { message: 'model "words" not found' } }),
    'MODEL_NOT_FOUND',
    'words',
  ],
  [
    'a place that it moved to',
    failing(308, {}, { location: 'https://elsewhere.example/v1' }),
    'MODEL_NOT_FOUND',
    'elsewhere',
  ],
  [
    'a server that is not ready',
    failing(503, { error: { message: 'Loading model' } }),
    'MODEL_NOT_FOUND',
    'Loading model',
  ],
  ['a request that it does not take', failing(400, { error: 'no embeddings' }), 'MODEL_INVALID', 'no embeddings'],
  ['a reply that is no JSON', (_, response) => sendText(response, 200, '<html>'), 'MODEL_INVALID', '<html>'],
  ['a reply without vectors', (_, response) => sendItems(response, []), 'MODEL_INVALID', '0 vectors instead of 1'],
  [
    'a vector of zeros',
    changed((items) => items.map((item) => ({ ...item, embedding: [0, 0, 0, 0, 0, 0, 0, 0] }))),
    'MODEL_INVALID',
    'number 0 is NaN',
  ],
]

for (const [name, behaviour, code, said] of refusals) {
  test(`refuses ${name}, and loads once that is mended`, async () => {
    server.behave(behaviour)
    await using embedder = await openOn(server)
    const error = await refusal(embedder.load())
    expect(error.code).toBe(code)
    expect(error.message).toContain(said)
    expect(error.message).toContain(endpoint)
    expect(error.hint).not.toBe('')
    expect(await refusal(embedder.embedQuery('a'))).toMatchObject({ code })
    server.behave(good)
    await embedder.load()
  })
}

test('tells an endpoint that is not there to end in /v1', async () => {
  server.behave(failing(404, {}))
  await using embedder = await openOn({ baseUrl: server.baseUrl.replace('/v1', '') })
  const error = await refusal(embedder.load())
  expect(error.message).toContain(server.baseUrl.replace('/v1', '/embeddings'))
  expect(error.hint).toContain('/v1')
})

test('sends texts to no other place than the one it was given', async () => {
  await using elsewhere = await startEmbeddingServer()
  for (const status of [301, 302, 307, 308]) {
    server.behave(failing(status, {}, { location: `${elsewhere.baseUrl}/embeddings` }))
    await using embedder = await openOn(server, { apiKey: 'k-123' })
    const error = await refusal(embedder.load())
    expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND', details: { status, endpoint } })
    expect(error.message).toContain(elsewhere.baseUrl)
  }
  expect(elsewhere.seen).toHaveLength(0)
})

test('loads for others when one who waits gives up', async () => {
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>()
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
  server.behave(async () => {
    onAsked()
    await answered
    return undefined
  })
  await using embedder = await openOn(server)
  const controller = new AbortController()
  const impatient = embedder.load({ signal: controller.signal })
  const patient = embedder.load()
  await asked
  controller.abort(new Error('enough'))
  await expect(impatient).rejects.toThrow('enough')
  answer()
  await patient
  expect(server.seen).toHaveLength(1)
})

test('ends loading when it is disposed of', async () => {
  server.behave(() => true)
  await using embedder = await openOn(server)
  const loading = refusal(embedder.load())
  await embedder[Symbol.asyncDispose]()
  expect(await loading).toMatchObject({ code: 'EMBEDDER_CLOSED' })
})
