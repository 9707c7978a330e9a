import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { failing, good, startEmbeddingServer } from './embedding-server.ts'
import type { Behaviour } from './embedding-server.ts'
import { openOn, refusal, unitWordVector, untilRefusal } from './open-on-server.ts'

const server = await startEmbeddingServer()
afterAll(() => server[Symbol.asyncDispose]())

const many = Array.from({ length: 100 }, (_, i) => `text ${i}`)

function countCharacters(text: string): number {
  return text.length
}

/** A behaviour that holds requests until it is told to answer. */
function holding(): { readonly behaviour: Behaviour; readonly held: Promise<void>; readonly release: () => void } {
  const { promise: held, resolve: onHeld } = Promise.withResolvers<void>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const behaviour: Behaviour = async () => {
    onHeld()
    await released
    return undefined
  }
  return { behaviour, held, release }
}

test('sends full requests of texts that are there, each text once', async () => {
  server.behave(good)
  await using embedder = await openOn(server, { batchTexts: 20 })
  await embedder.load()
  for (const input of [
    many,
    (async function* () {
      yield* many
    })(),
  ]) {
    server.behave(good)
    expect(await Array.fromAsync(embedder.embedDocuments(input))).toEqual(many.map(unitWordVector))
    expect(server.seen.map((request) => request.input.length)).toEqual([20, 20, 20, 20, 20])
    expect(server.seen.flatMap((request) => request.input).toSorted()).toEqual(many.toSorted())
  }
})

test('puts no more tokens into a request than it may, but for a text that has more alone', async () => {
  server.behave(good)
  await using embedder = await openOn(server, { batchTokens: 10, countTokens: countCharacters, concurrency: 1 })
  await embedder.load()
  server.behave(good)
  await Array.fromAsync(embedder.embedDocuments(['aaaa', 'bbbb', 'cccc', 'd'.repeat(30), 'e', 'f', 'gggggggggg']))
  expect(server.seen.map(({ input }) => input)).toEqual([
    ['aaaa', 'bbbb'],
    ['cccc'],
    ['d'.repeat(30)],
    ['e', 'f'],
    ['gggggggggg'],
  ])
})

test('sends so many requests at once and no more, over all calls', async () => {
  for (const concurrency of [1, 3]) {
    server.behave(good)
    await using embedder = await openOn(server, { batchTexts: 5, concurrency })
    await embedder.load()
    const { promise: allThere, resolve: onAllThere } = Promise.withResolvers<void>()
    server.behave(async () => {
      if (server.seen.length === concurrency) onAllThere()
      await allThere
      await turn()
      return undefined
    })
    const calls = [1, 2].map(() => Array.fromAsync(embedder.embedDocuments(many)))
    expect(await Promise.all(calls)).toEqual([many.map(unitWordVector), many.map(unitWordVector)])
    expect(server.mostAtOnce).toBe(concurrency)
  }
})

test('yields the vectors of a slow input without waiting for more of it', async () => {
  server.behave(good)
  await using embedder = await openOn(server)
  const yielded: string[] = []
  async function* slowly(): AsyncIterable<string> {
    for (const text of ['a', 'b', 'c']) {
      yield text
      while (!yielded.includes(text)) await turn()
    }
  }
  const names = ['a', 'b', 'c']
  for await (const _ of embedder.embedDocuments(slowly())) yielded.push(names[yielded.length] ?? '')
  expect(yielded).toEqual(names)
})

test('fills requests that wait for their turn', async () => {
  server.behave(good)
  await using embedder = await openOn(server, { concurrency: 1 })
  await embedder.load()
  const { behaviour, held, release } = holding()
  server.behave(behaviour, good)
  async function* input(): AsyncIterable<string> {
    yield 'first'
    await held
    for (const text of ['a', 'b', 'c']) {
      await turn()
      yield text
    }
    await turn()
    release()
  }
  await Array.fromAsync(embedder.embedDocuments(input()))
  expect(server.seen.map((request) => request.input)).toEqual([['first'], ['a', 'b', 'c']])
})

test('asks a query at once while documents take all places', async () => {
  server.behave(good)
  await using embedder = await openOn(server, { concurrency: 1 })
  await embedder.load()
  const { behaviour, held, release } = holding()
  server.behave(behaviour, good)
  const documents = Array.fromAsync(embedder.embedDocuments(many))
  await held
  expect(await embedder.embedQuery('flour')).toEqual(unitWordVector('flour'))
  release()
  expect(await documents).toEqual(many.map(unitWordVector))
})

test('yields the vectors before a request that fails', async () => {
  server.behave(good)
  await using embedder = await openOn(server, { batchTexts: 10, retries: 0 })
  await embedder.load()
  for (const bad of [0, 35, 99]) {
    const refused = failing(500, { error: { message: 'out of memory' } })
    server.behave((request, response) =>
      request.input.includes(`text ${bad}`) ? refused(request, response) : undefined,
    )
    const { vectors, error } = await untilRefusal(embedder.embedDocuments(many))
    const first = bad - (bad % 10)
    expect(error).toMatchObject({ code: 'EMBEDDER_FAILED', details: { index: first, status: 500 } })
    expect(vectors).toEqual(many.slice(0, first).map(unitWordVector))
  }
})

const refusalsOfLength: readonly (readonly [number, unknown])[] = [
  [
    400,
    { error: { message: "This model's maximum context length is 8192 tokens, however you requested 9000 tokens" } },
  ],
  [400, { error: 'the input length exceeds the context length' }],
  [400, { error: { code: 400, message: 'request (600 tokens) exceeds the available context size (512 tokens)' } }],
  [
    413,
    { error: 'Input validation error: `inputs` must have less than 512 tokens. Given: 600', error_type: 'Validation' },
  ],
  [413, '<h1>413 Request Entity Too Large</h1>'],
  [500, { error: { message: 'input (596 tokens) is too large to process. increase the physical batch size' } }],
]

for (const [status, body] of refusalsOfLength) {
  test(`finds the text that a server says is too long: ${status} ${JSON.stringify(body)}`, async () => {
    server.behave(good)
    await using embedder = await openOn(server)
    await embedder.load()
    const refused = failing(status, body)
    server.behave((request, response) => (request.input.includes('text 21') ? refused(request, response) : undefined))
    const { vectors, error } = await untilRefusal(embedder.embedDocuments(many))
    expect(error).toMatchObject({ code: 'TEXT_TOO_LONG', details: { index: 21, status, attempts: 1 } })
    expect(vectors).toEqual(many.slice(0, 21).map(unitWordVector))
    expect(await refusal(embedder.embedQuery('text 21'))).toMatchObject({ code: 'TEXT_TOO_LONG' })
  })
}

test('sends again in halves what is too much for one request', async () => {
  server.behave(good)
  await using embedder = await openOn(server)
  await embedder.load()
  const refused = failing(413, { error: 'batch size 32 > maximum allowed batch size 4', error_type: 'Validation' })
  server.behave((request, response) => (request.input.length > 4 ? refused(request, response) : undefined))
  expect(await Array.fromAsync(embedder.embedDocuments(many))).toEqual(many.map(unitWordVector))
})

test('refuses a text by the bound of its tokens, and says that it is one', async () => {
  server.behave(good)
  await using embedder = await openOn(server, { maxTokens: 20, documentPrefix: 'd: ' })
  await embedder.load()
  expect(embedder.countTokens('a'.repeat(14))).toBe(20)
  const { vectors, error } = await untilRefusal(embedder.embedDocuments(['a'.repeat(14), 'a'.repeat(15)]))
  expect(vectors).toEqual([unitWordVector(`d: ${'a'.repeat(14)}`)])
  expect(error).toMatchObject({ code: 'TEXT_TOO_LONG', details: { index: 1 } })
  expect(error.message).toContain('up to 21 tokens')
  expect(error.hint).toContain('countTokens')
})

test('an abort ends requests that run, and no other call', async () => {
  server.behave(good)
  await using embedder = await openOn(server, { concurrency: 1 })
  await embedder.load()
  const { promise: running, resolve: onRunning } = Promise.withResolvers<void>()
  const { promise: cut, resolve: onCut } = Promise.withResolvers<void>()
  server.behave((_, response) => {
    response.on('close', onCut)
    onRunning()
    return true
  }, good)
  const controller = new AbortController()
  const { signal } = controller
  const aborted = Array.fromAsync(embedder.embedDocuments(many, { signal }))
  const rejection = aborted.catch((error: unknown) => error)
  const other = Array.fromAsync(embedder.embedDocuments(['bread']))
  await running
  const reason = new Error('enough')
  controller.abort(reason)
  expect(await rejection).toBe(reason)
  await cut
  expect(await other).toEqual([unitWordVector('bread')])
})

test('an abort ends the wait for a retry', async () => {
  server.behave(good)
  const controller = new AbortController()
  const reason = new Error('enough')
  const retryDelayMs = (): number => {
    setImmediate(() => controller.abort(reason))
    return 3_600_000
  }
  await using embedder = await openOn(server, { retryDelayMs })
  await embedder.load()
  server.behave(failing(503, {}))
  await expect(embedder.embedQuery('a', { signal: controller.signal })).rejects.toBe(reason)
})

test('disposal ends what runs and what waits', async () => {
  server.behave(good)
  await using embedder = await openOn(server, { concurrency: 1 })
  await embedder.load()
  const { behaviour, held, release } = holding()
  server.behave(behaviour)
  const calls = [
    refusal(Array.fromAsync(embedder.embedDocuments(many))),
    refusal(Array.fromAsync(embedder.embedDocuments(['bread']))),
    refusal(embedder.embedQuery('flour')),
  ]
  await held
  await embedder[Symbol.asyncDispose]()
  for (const error of await Promise.all(calls)) expect(error.code).toBe('EMBEDDER_CLOSED')
  release()
})
