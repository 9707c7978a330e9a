import { inspect } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { changed, failing, good, hangUp, sendText, startEmbeddingServer } from './embedding-server.ts'
import type { Behaviour } from './embedding-server.ts'
import { openOn, refusal } from './open-on-server.ts'

const server = await startEmbeddingServer()
afterAll(() => server[Symbol.asyncDispose]())

const apiKey = 'sk-Qu3rn+Se/cret=='

/** All that can be seen of a value. */
function shown(value: unknown): string {
  const inspected = inspect(value, { depth: 10, showHidden: true, maxStringLength: null, maxArrayLength: null })
  return `${inspected}\n${JSON.stringify(value)}`
}

const behaviours: Readonly<Record<string, Behaviour>> = {
  'status 400 that repeats the key': failing(400, { error: { message: `what is ${apiKey}?` } }),
  'status 401 that repeats the key': failing(401, { error: { message: `Incorrect API key provided: ${apiKey}` } }),
  'status 403 in text that repeats the key': (_, response) => sendText(response, 403, `no ${apiKey}`),
  'status 500 in another shape': failing(500, { problem: [apiKey, { again: apiKey }] }),
  'a key at the end of a long excerpt': failing(400, { error: 'x'.repeat(192) + apiKey }),
  'too long': failing(413, { error: apiKey }),
  'a redirect to the key': failing(307, {}, { location: `http://other.example/?key=${apiKey}` }),
  'a broken connection': hangUp,
  'no answer in time': () => true,
  'a reply that is no JSON': (_, response) => sendText(response, 200, `<html>${apiKey}`),
  'a wrong reply': changed(() => [{ index: apiKey, embedding: apiKey }]),
  'a wrong vector': changed((items) => items.map((item) => ({ ...item, embedding: [apiKey] }))),
}

for (const [name, behaviour] of Object.entries(behaviours)) {
  test(`shows no key after ${name}`, async () => {
    server.behave(behaviour)
    await using unloaded = await openOn(server, { apiKey, retries: 1, timeoutMs: 500 })
    expect(shown(await refusal(unloaded.load()))).not.toContain(apiKey)
    server.behave(good)
    await using loaded = await openOn(server, { apiKey, retries: 1, timeoutMs: 500 })
    await loaded.load()
    server.behave(behaviour)
    expect(shown(await refusal(loaded.embedQuery('a')))).not.toContain(apiKey)
    expect(shown(await refusal(Array.fromAsync(loaded.embedDocuments(['a', 'b']))))).not.toContain(apiKey)
    expect(shown(loaded)).not.toContain(apiKey)
    expect(shown(loaded.space)).not.toContain(apiKey)
  })
}

test('refuses keys and addresses that cannot be sent, without showing them', async () => {
  for (const bad of [`${apiKey}\n`, ` ${apiKey}`, `${apiKey}é`, '']) {
    const error = await refusal(openOn(server, { apiKey: bad }))
    expect(error.code).toBe('OPTION_INVALID')
    expect(shown(error)).not.toContain(apiKey)
  }
  for (const baseUrl of [`http://user:${apiKey}@127.0.0.1/v1`, `nonsense ${apiKey}`]) {
    const error = await refusal(openOn({ baseUrl }, {}))
    expect(error).toMatchObject({ code: 'OPTION_INVALID', details: { option: 'baseUrl' } })
    expect(shown(error)).not.toContain(apiKey)
  }
})

test('keeps the query of an address, and names the endpoint without it', async () => {
  server.behave(failing(500, {}))
  await using embedder = await openOn({ baseUrl: `${server.baseUrl}/?code=${apiKey}` }, { retries: 0 })
  expect(shown(await refusal(embedder.load()))).not.toContain(apiKey)
  expect(server.seen[0]?.path).toBe(`/v1/embeddings?code=${apiKey}`)
})
