import { afterAll, expect, test } from 'vitest'
import {
  base64Of,
  changed,
  failing,
  good,
  goodItems,
  sendItems,
  startEmbeddingServer,
  wordVector,
} from './embedding-server.ts'
import type { Behaviour, ReplyItem } from './embedding-server.ts'
import { openOn, untilRefusal, unitWordVector } from './open-on-server.ts'

const server = await startEmbeddingServer()
afterAll(() => server[Symbol.asyncDispose]())

const texts = ['a mill', 'bread', 'flour', 'stone', 'water', 'wind']

/** A behaviour that changes the vector of one text wherever it comes. */
function changedVector(text: string, embedding: (good: number[]) => unknown): Behaviour {
  return changed((items, { input }) =>
    items.map((item, position) =>
      input[position] === text ? Object.assign(item, { embedding: embedding(wordVector(text)) }) : item,
    ),
  )
}

test('puts vectors into the order of the texts by their index', async () => {
  server.behave(good)
  await using embedder = await openOn(server, { batchTexts: 4 })
  await embedder.load()
  server.behave(changed((items) => items.toReversed()))
  expect(await Array.fromAsync(embedder.embedDocuments(texts))).toEqual(texts.map(unitWordVector))
})

test('asks for base64 and reads base64 and numbers, whichever comes, to the same vectors', async () => {
  for (const encoding of ['base64', 'float']) {
    server.behave((request, response) => sendItems(response, goodItems({ ...request, encoding })))
    await using embedder = await openOn(server)
    expect(await Array.fromAsync(embedder.embedDocuments(texts))).toEqual(texts.map(unitWordVector))
    expect(new Set(server.seen.map((request) => request.encoding))).toEqual(new Set(['base64']))
  }
})

test('asks for numbers where base64 is refused, and only there', async () => {
  for (const status of [400, 415, 422]) {
    server.behave((request, response) =>
      request.encoding === 'base64' ? failing(status, {})(request, response) : undefined,
    )
    await using embedder = await openOn(server)
    expect(await Array.fromAsync(embedder.embedDocuments(texts))).toEqual(texts.map(unitWordVector))
    expect(server.seen.map((request) => request.encoding)).toEqual(['base64', 'float', 'float'])
  }
})

test('asks for the encoding that it was given', async () => {
  for (const encodingFormat of ['float', 'base64'] as const) {
    server.behave(good)
    await using embedder = await openOn(server, { encodingFormat })
    await embedder.embedQuery('bread')
    expect(server.seen.map(({ encoding }) => encoding)).toEqual([encodingFormat, encodingFormat])
  }
})

const wrongVectors: Readonly<Record<string, (vector: number[]) => unknown>> = {
  'too few numbers': (vector) => vector.slice(1),
  'too many numbers': (vector) => [...vector, 1],
  'no numbers': () => [],
  'a null': (vector) => vector.with(3, null as unknown as number),
  'text among the numbers': (vector) => vector.with(3, '1' as unknown as number),
  'zeros alone': (vector) => vector.map(() => 0),
  'lists of numbers': (vector) => [vector],
  nothing: () => undefined,
  'NaN in base64': (vector) => base64Of(vector.with(3, Number.NaN)),
  'infinity in base64': (vector) => base64Of(vector.with(0, Number.POSITIVE_INFINITY)),
  'too few numbers in base64': (vector) => base64Of(vector.slice(1)),
  'half a number more in base64': (vector) =>
    Buffer.concat([Buffer.from(base64Of(vector), 'base64'), Buffer.from('ab')]).toString('base64'),
}

for (const [name, embedding] of Object.entries(wrongVectors)) {
  test(`refuses a vector of ${name}, names the text, and yields the vectors before it`, async () => {
    server.behave(good)
    await using embedder = await openOn(server, { batchTexts: 3 })
    await embedder.load()
    for (const [position, text] of texts.entries()) {
      server.behave(changedVector(text, embedding))
      const { vectors, error } = await untilRefusal(embedder.embedDocuments(texts))
      expect(error).toMatchObject({ code: 'VECTOR_INVALID', details: { index: position } })
      expect(error.message).toContain(`text ${position}`)
      expect(vectors).toEqual(texts.slice(0, position).map(unitWordVector))
    }
  })
}

const wrongLists: Readonly<Record<string, (items: ReplyItem[]) => readonly unknown[]>> = {
  'a vector too few': (items) => items.slice(1),
  'a vector too many': (items) => [...items, ...items.slice(0, 1)],
  'no vectors': () => [],
  'an index twice': (items) => items.map((item) => Object.assign(item, { index: 0 })),
  'indexes from 1': (items) => items.map((item) => Object.assign(item, { index: item.index + 1 })),
  'no indexes': (items) => items.map(({ embedding }) => ({ embedding })),
  'indexes in words': (items) => items.map((item) => ({ ...item, index: String(item.index) })),
  nulls: (items) => items.map(() => null),
}

for (const [name, change] of Object.entries(wrongLists)) {
  test(`uses nothing of a reply with ${name}, and yields the vectors before it`, async () => {
    server.behave(good)
    await using embedder = await openOn(server, { batchTexts: 2, concurrency: 1 })
    await embedder.load()
    server.behave(good, changed(change))
    const { vectors, error } = await untilRefusal(embedder.embedDocuments(texts))
    // The code of a failed endpoint: `VECTOR_INVALID` would blame text 2 alone, and be passed over.
    expect(error).toMatchObject({ code: 'EMBEDDER_FAILED', details: { index: 2, attempts: 1 } })
    expect(error.message).toContain('texts 2 to 3')
    expect(vectors).toEqual(texts.slice(0, 2).map(unitWordVector))
  })
}

test('says what came when it is not JSON, or no reply of this API', async () => {
  for (const [body, said] of [
    ['<html>Please log in</html>', 'Please log in'],
    ['', 'not JSON'],
    ['null', 'no list "data"'],
    ['{"data":{}}', 'no list "data"'],
  ] as const) {
    server.behave(good)
    await using embedder = await openOn(server)
    await embedder.load()
    server.behave((_, response) => {
      response.end(body)
      return true
    })
    const { error } = await untilRefusal(embedder.embedDocuments(texts))
    expect(error).toMatchObject({ code: 'EMBEDDER_FAILED', details: { index: 0 } })
    expect(error.message).toContain(said)
  }
})

test('sends the model, the prefixes, and the dimensions if it is told to', async () => {
  for (const sendDimensions of [false, true]) {
    server.behave(good)
    await using embedder = await openOn(server, { sendDimensions, documentPrefix: 'd: ', queryPrefix: 'q: ' })
    await Array.fromAsync(embedder.embedDocuments(['bread']))
    await embedder.embedQuery('bread')
    expect(server.seen.map(({ input }) => input[0])).toEqual(['d: quern', 'd: bread', 'q: bread'])
    expect(new Set(server.seen.map(({ dimensions }) => dimensions))).toEqual(new Set([sendDimensions ? 8 : undefined]))
    expect(server.seen[0]).toMatchObject({ method: 'POST', path: '/v1/embeddings', model: 'words' })
  }
})
