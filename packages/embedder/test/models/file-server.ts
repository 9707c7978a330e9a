import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** What goes wrong with one GET; the next one meets the next fault of the list. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number }
  /** The connection breaks after so many bytes. */
  | { readonly kind: 'disconnect'; readonly after: number }
  /** Nothing more arrives after so many bytes, and the connection stays. */
  | { readonly kind: 'stall'; readonly after: number }
  /** Pieces of so many bytes, with a pause after each. */
  | { readonly kind: 'slow'; readonly piece: number; readonly pause: number }

export interface FileServerOptions {
  readonly body: Uint8Array
  readonly faults?: readonly Fault[]
  /** Whether parts of the file can be asked for. Default true. */
  readonly ranges?: boolean
  readonly etag?: string
  /** As Hugging Face does: the checksum in the headers of a redirect. */
  readonly linkedSha256?: string
  /** Whether HEAD is answered. Default true. */
  readonly head?: boolean
}

/** A server on this machine. */
export interface FileServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly endpoint: string
  /** Method, path and range of every request that was for bytes: `GET /… bytes=5-`. */
  readonly requests: string[]
  /** What is served from now on. */
  serve(options: FileServerOptions): void
}

async function sendBody(response: ServerResponse, body: Uint8Array, fault: Fault | undefined): Promise<void> {
  if (fault?.kind === 'disconnect' || fault?.kind === 'stall') {
    response.write(body.subarray(0, fault.after))
    // The bytes are to arrive before the connection breaks.
    await delay(20)
    if (fault.kind === 'disconnect') response.destroy()
    return
  }
  const piece = fault?.kind === 'slow' ? fault.piece : body.length
  for (let start = 0; start < body.length; start += piece) {
    response.write(body.subarray(start, start + piece))
    if (fault?.kind === 'slow') await delay(fault.pause)
  }
  response.end()
}

async function answer(
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
  { body, ranges = true, etag, linkedSha256, head = true, fault }: FileServerOptions & { fault: Fault | undefined },
): Promise<void> {
  if (method === 'HEAD' && !head) return void response.writeHead(405).end()
  if (fault?.kind === 'status') return void response.writeHead(fault.status).end('an answer in words')
  if (linkedSha256 !== undefined && url?.startsWith('/bytes') !== true) {
    const linked = { 'x-linked-etag': `"${linkedSha256}"`, 'x-linked-size': String(body.length), location: '/bytes' }
    return void response.writeHead(302, linked).end()
  }
  const common = etag === undefined ? {} : { etag }
  const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? Number.NaN)
  const fits = headers['if-range'] === undefined || headers['if-range'] === etag
  const partial = ranges && fits && !Number.isNaN(start)
  if (partial && start >= body.length) return void response.writeHead(416).end()
  const rest = partial ? body.subarray(start) : body
  const range = { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` }
  response.writeHead(partial ? 206 : 200, { ...common, ...(partial ? range : {}), 'content-length': rest.length })
  if (method === 'HEAD') return void response.end()
  await sendBody(response, rest, fault)
}

/** Starts a server that gives one file for every path, with the faults that are asked for. */
export async function startFileServer(initial: FileServerOptions): Promise<FileServer> {
  let options = initial
  let faults = [...(initial.faults ?? [])]
  const requests: string[] = []
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    const redirects = options.linkedSha256 !== undefined && !url.startsWith('/bytes')
    const forBytes = method === 'GET' && !redirects
    if (forBytes) requests.push(`${method} ${url} ${headers.range ?? 'whole'}`)
    const fault = forBytes ? faults.shift() : undefined
    answer(request, response, { ...options, fault }).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    serve(next) {
      options = next
      faults = [...(next.faults ?? [])]
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
