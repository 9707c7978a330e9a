import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'

const endpointDimensions = 16

/** An endpoint for embeddings that answers nothing, or no request with texts of a kind, before its gate is opened. */
export interface GatedEndpoint extends AsyncDisposable {
  readonly url: string
  /** Resolves when the first request that has to wait has come. */
  readonly asked: Promise<void>
  readonly open: () => void
  /** Texts of the requests, in the order in which they came. */
  readonly texts: string[]
}

/** Numbers that depend on the text alone. */
function embed(text: string): number[] {
  const digest = createHash('sha256').update(text).digest().subarray(0, endpointDimensions)
  return Array.from(digest, (byte) => byte - 127.5)
}

/** Whether a text is one of a project's notes, and not one that the model is tested with. */
export function isNote(text: string): boolean {
  return text.includes('on wheels')
}

/** Opens an endpoint on this machine. Its gate is closed for requests in which there is a text that has to wait, by default any. */
export async function openGatedEndpoint(mustWait: (text: string) => boolean = () => true): Promise<GatedEndpoint> {
  const texts: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = Promise.withResolvers<void>()
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { input } = (await json(request)) as { input: string | string[] }
    const inputs = [input].flat()
    texts.push(...inputs)
    if (inputs.some(mustWait)) {
      first.resolve()
      await gate.promise
    }
    const data = inputs.map((text, index) => ({ object: 'embedding', index, embedding: embed(text) }))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ object: 'list', model: 'test', data }))
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked: first.promise,
    open: gate.resolve,
    texts,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Writes a folder of so many short notes, and a configuration that has them embedded by an endpoint. */
export async function writeEndpointProject(folder: string, endpoint: string, notes: number): Promise<void> {
  await mkdir(join(folder, 'docs'))
  for (let i = 0; i < notes; i++) await writeFile(join(folder, 'docs', `${i}.txt`), `Note number ${i} on wheels.\n`)
  const model = { endpoint, name: 'test', dimensions: endpointDimensions }
  await writeFile(join(folder, 'indexer.config.json'), JSON.stringify({ sources: ['docs'], model }))
}
