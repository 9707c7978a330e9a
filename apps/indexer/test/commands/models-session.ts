import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { temporaryFolder } from '@quern/test-fixtures'
import { onTestFinished } from 'vitest'
import type { CommandContext } from '../../src/command-context.ts'

/** A command's surroundings, and what it has said. */
export interface Session {
  readonly context: CommandContext
  /** The folder for models. */
  readonly folder: string
  /** Address of the mirror of Hugging Face. */
  readonly endpoint: string
  /** What the mirror was asked for. */
  readonly requests: string[]
  readonly out: () => string
  readonly err: () => string
  /** stdout as JSON lines. */
  readonly objects: () => Record<string, unknown>[]
  /** Forgets what was said. */
  readonly clear: () => void
}

function collector(chunks: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString())
      done()
    },
  })
}

/** What a mirror serves: one content for every address, or that of a path; otherwise it answers 404. */
export type Served = Uint8Array | Readonly<Record<string, Uint8Array>>

function bodyFor(served: Served | undefined, url: string): Uint8Array | undefined {
  if (served === undefined || served instanceof Uint8Array) return served
  return served[url.replace(/\?.*$/, '')]
}

/** A context with a folder of its own, and a mirror of Hugging Face on this machine. */
export async function openSession(served?: Served): Promise<Session> {
  const temporary = await temporaryFolder()
  onTestFinished(() => temporary[Symbol.asyncDispose]())
  const requests: string[] = []
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request
    requests.push(`${method} ${url}`)
    const body = bodyFor(served, url)
    response.writeHead(body === undefined ? 404 : 200).end(method === 'HEAD' ? undefined : body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const out: string[] = []
  const err: string[] = []
  const { port } = server.address() as AddressInfo
  const endpoint = `http://127.0.0.1:${port}`
  const context: CommandContext = {
    stdout: collector(out),
    stderr: collector(err),
    env: { QUERN_MODELS: 'models', HF_ENDPOINT: endpoint },
    workingFolder: temporary.path,
    programName: 'indexer',
  }
  const objects = (): Record<string, unknown>[] =>
    out
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  return {
    context,
    folder: join(temporary.path, 'models'),
    endpoint,
    requests,
    out: () => out.join(''),
    err: () => err.join(''),
    objects,
    clear() {
      out.length = 0
      err.length = 0
      requests.length = 0
    },
  }
}
