import { afterAll, expect, test } from 'vitest'
import { failing, good, hangUp, startEmbeddingServer } from './embedding-server.ts'
import type { Behaviour } from './embedding-server.ts'
import { openOn, refusal, unitWordVector } from './open-on-server.ts'

const server = await startEmbeddingServer()
afterAll(() => server[Symbol.asyncDispose]())

const breakOff: Behaviour = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
  response.write('{"data":[', () => response.destroy())
  return true
}
const neverAnswer: Behaviour = () => true

const passing: Readonly<Record<string, Behaviour>> = {
  'status 408': failing(408, {}),
  'status 429': failing(429, { error: { message: 'slow down' } }),
  'status 500': failing(500, 'oops'),
  'status 503': failing(503, { error: { message: 'Loading model' } }),
  'a connection that is closed without an answer': hangUp,
  'a reply that breaks off': breakOff,
}

for (const [name, behaviour] of Object.entries(passing)) {
  test(`tries again after ${name}`, async () => {
    server.behave(good)
    await using embedder = await openOn(server)
    await embedder.load()
    server.behave(behaviour, behaviour, good)
    expect(await Array.fromAsync(embedder.embedDocuments(['a mill', 'bread']))).toEqual([
      unitWordVector('a mill'),
      unitWordVector('bread'),
    ])
    server.behave(behaviour, good)
    expect(await embedder.embedQuery('flour')).toEqual(unitWordVector('flour'))
    expect(server.seen.map(({ input }) => input)).toEqual([['flour'], ['flour']])
  })
}

test('tries again when there is no answer in time', async () => {
  server.behave(good)
  await using embedder = await openOn(server, { timeoutMs: 1000 })
  await embedder.load()
  server.behave(neverAnswer, good)
  expect(await embedder.embedQuery('flour')).toEqual(unitWordVector('flour'))
})

test('gives up after so many retries and says how often it tried, where and what was answered', async () => {
  for (const retries of [0, 1, 3]) {
    server.behave(good)
    await using embedder = await openOn(server, { retries })
    await embedder.load()
    server.behave(failing(503, { error: { message: 'the model\nis busy' } }))
    const error = await refusal(Array.fromAsync(embedder.embedDocuments(['a', 'b'])))
    expect(error).toMatchObject({
      code: 'EMBEDDER_FAILED',
      details: { status: 503, attempts: retries + 1, endpoint: `${server.baseUrl}/embeddings`, index: 0 },
    })
    expect(error.message).toContain('texts 0 to 1')
    expect(error.message).toContain('"the model is busy"')
    expect(server.seen).toHaveLength(retries + 1)
  }
})

test('does not try again what will not pass', async () => {
  for (const status of [302, 400, 401, 403, 404, 409, 501, 505]) {
    server.behave(good)
    await using embedder = await openOn(server)
    await embedder.load()
    server.behave(failing(status, {}))
    expect(await refusal(embedder.embedQuery('a'))).toMatchObject({
      code: 'EMBEDDER_FAILED',
      details: { status, attempts: 1 },
    })
    expect(server.seen).toHaveLength(1)
  }
})

test('asks for its own delay with the number of failed attempts', async () => {
  const asked: number[] = []
  const retryDelayMs = (attempts: number): number => {
    asked.push(attempts)
    return 0
  }
  server.behave(good)
  await using embedder = await openOn(server, { retries: 3, retryDelayMs })
  await embedder.load()
  server.behave(failing(500, {}))
  await refusal(embedder.embedQuery('a'))
  expect(asked).toEqual([1, 2, 3])
})

for (const status of [429, 503]) {
  test(`obeys Retry-After with status ${status}, in seconds and as a date, instead of its own delay`, async () => {
    let asked = 0
    const retryDelayMs = (): number => {
      asked++
      return 0
    }
    server.behave(good)
    await using embedder = await openOn(server, { retryDelayMs })
    await embedder.load()
    for (const [after, delays] of [
      ['0', 0],
      ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
      ['soon', 1],
    ] as const) {
      asked = 0
      server.behave(failing(status, {}, { 'retry-after': after }), good)
      expect(await embedder.embedQuery('flour')).toEqual(unitWordVector('flour'))
      expect(asked).toBe(delays)
    }
  })
}

test('waits for a Retry-After no longer than it may', async () => {
  server.behave(good)
  await using embedder = await openOn(server, { mostRetryAfterMs: 0, retryDelayMs: () => 3_600_000 })
  await embedder.load()
  for (const after of ['3600', new Date(Date.now() + 3_600_000).toUTCString()]) {
    server.behave(failing(429, {}, { 'retry-after': after }), good)
    expect(await embedder.embedQuery('flour')).toEqual(unitWordVector('flour'))
  }
})
