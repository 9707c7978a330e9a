import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Numbers in a vector of the server. */
export const serverDimensions = 8

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly authorization: string | undefined
  readonly model: string
  readonly input: readonly string[]
  readonly encoding: string
  readonly dimensions: number | undefined
}

/** One vector of a reply. */
export interface ReplyItem {
  readonly object: 'embedding'
  readonly index: number
  readonly embedding: string | readonly (number | null)[]
}

/** Handles one request in place of the server's good answer; undefined leaves it to that. */
export type Behaviour = (
  request: SeenRequest,
  response: ServerResponse,
) => Promise<boolean | undefined> | boolean | undefined

/** A server on this machine that speaks the API of OpenAI for embeddings, as well or badly as it is told. */
export interface EmbeddingServer extends AsyncDisposable {
  readonly baseUrl: string
  readonly seen: readonly SeenRequest[]
  /** Most requests at the same time whose behaviour had not decided yet. */
  readonly mostAtOnce: number
  /** How the next requests are handled, one after another; the last stays. Requests so far are forgotten. */
  behave(...behaviours: Behaviour[]): void
}

/** The vector that the server has for a text: that of its words, of no particular length. */
export function wordVector(text: string): number[] {
  const sum = Array.from({ length: serverDimensions }, () => 0)
  for (const word of [...text.split(/\s+/), text]) {
    const digest = createHash('sha256').update(word).digest()
    for (const [i, value] of sum.entries()) sum[i] = value + Math.fround((digest[i] ?? 0) / 100 - 1.27)
  }
  return sum.map(Math.fround)
}

/** A vector as base64 of its single-precision numbers. */
export function base64Of(vector: readonly number[]): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString('base64')
}

/** The good answer to a request. */
export function goodItems({ input, encoding }: SeenRequest): ReplyItem[] {
  return input.map((text, index) => {
    const vector = wordVector(text)
    return { object: 'embedding', index, embedding: encoding === 'base64' ? base64Of(vector) : vector }
  })
}

/** Answers with JSON. */
function sendJson(response: ServerResponse, status: number, body: unknown): true {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  return true
}

/** Answers with text. */
export function sendText(response: ServerResponse, status: number, text: string): true {
  response.writeHead(status).end(text)
  return true
}

/** Answers with these vectors. */
export function sendItems(response: ServerResponse, data: readonly unknown[]): true {
  return sendJson(response, 200, { object: 'list', data, model: 'words', usage: { prompt_tokens: 1, total_tokens: 1 } })
}

/** A behaviour that changes the vectors of the good answer. */
export function changed(change: (items: ReplyItem[], request: SeenRequest) => readonly unknown[]): Behaviour {
  return (request, response) => sendItems(response, change(goodItems(request), request))
}

/** A behaviour that fails with a status. */
export function failing(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return (_, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    return sendJson(response, status, body)
  }
}

/** A behaviour that closes the connection without an answer. */
export const hangUp: Behaviour = (_, response) => {
  response.destroy()
  return true
}

/** The good answer. */
export const good: Behaviour = () => undefined

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = JSON.parse(Buffer.concat(chunks).toString()) as {
    readonly model: string
    readonly input: readonly string[]
    readonly encoding_format: string
    readonly dimensions?: number
  }
  const { method, url: path, headers } = request
  const { model, input, encoding_format: encoding, dimensions } = body
  return { method, path, authorization: headers.authorization, model, input, encoding, dimensions }
}

/** Starts a server on a free port. */
export async function startEmbeddingServer(): Promise<EmbeddingServer> {
  const seen: SeenRequest[] = []
  let behaviours: Behaviour[] = [good]
  let open = 0
  let mostAtOnce = 0
  const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(message)
    seen.push(request)
    mostAtOnce = Math.max(mostAtOnce, ++open)
    const behaviour = (behaviours.length > 1 ? behaviours.shift() : behaviours[0]) ?? good
    const answered = await behaviour(request, response)
    // Before the answer: the client may send its next request as soon as it has that.
    open--
    if (answered !== true) sendItems(response, goodItems(request))
  }
  const server = createServer((message, response) => {
    answer(message, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    seen,
    get mostAtOnce() {
      return mostAtOnce
    },
    behave(...next) {
      behaviours = next
      seen.length = 0
      mostAtOnce = 0
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}
