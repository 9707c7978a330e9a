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
  /** As Hugging Face does with large files: the checksum in the headers of a redirect. */
  readonly linkedSha256?: string
  /** As Hugging Face does: the commit in the headers, and a redirect also for small files. */
  readonly commit?: string
  /** Whether HEAD is answered. Default true. */
  readonly head?: boolean
  /** Whether there is no such file. Default false. */
  readonly missing?: boolean
}

/** What is served for the path of an address. */
export type ServedFiles = (path: string) => FileServerOptions

/** A server on this machine. */
export interface FileServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly endpoint: string
  /** Method, path and range of every request that was for bytes: `GET /… bytes=5-`. */
  readonly requests: string[]
  /** What is served from now on, for every path or for each. */
  serve(options: FileServerOptions | ServedFiles): void
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

/** Where the bytes of files are that are served after a redirect. */
const bytesPrefix = '/bytes'

function redirects({ linkedSha256, commit }: FileServerOptions, url: string): boolean {
  return (linkedSha256 !== undefined || commit !== undefined) && !url.startsWith(bytesPrefix)
}

function redirect({ body, linkedSha256, commit }: FileServerOptions, url: string, response: ServerResponse): void {
  const linked = { 'x-linked-etag': `"${linkedSha256 ?? ''}"`, 'x-linked-size': String(body.length) }
  const headers = {
    location: `${bytesPrefix}${url}`,
    ...(linkedSha256 === undefined ? {} : linked),
    ...(commit === undefined ? {} : { 'x-repo-commit': commit }),
  }
  response.writeHead(linkedSha256 === undefined ? 307 : 302, headers).end()
}

async function answer(
  { method, url = '', headers }: IncomingMessage,
  response: ServerResponse,
  options: FileServerOptions & { readonly fault: Fault | undefined },
): Promise<void> {
  const { body, ranges = true, etag, head = true, missing = false, fault } = options
  if (method === 'HEAD' && !head) return void response.writeHead(405).end()
  if (missing) return void response.writeHead(404, { 'x-error-message': 'Entry not found' }).end()
  if (fault?.kind === 'status') return void response.writeHead(fault.status).end('an answer in words')
  if (redirects(options, url)) return redirect(options, url, response)
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

function pathOf(url: string): string {
  const { pathname } = new URL(url, 'http://localhost')
  return decodeURIComponent(pathname.startsWith(bytesPrefix) ? pathname.slice(bytesPrefix.length) : pathname)
}

/** Starts a server that gives one file for every path, or what there is for each, with the faults that are asked for. */
export async function startFileServer(initial: FileServerOptions | ServedFiles): Promise<FileServer> {
  let served = initial
  let faults = new Map<FileServerOptions, Fault[]>()
  const requests: string[] = []
  const nextFault = (options: FileServerOptions): Fault | undefined => {
    const left = faults.get(options) ?? [...(options.faults ?? [])]
    faults.set(options, left)
    return left.shift()
  }
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    const options = typeof served === 'function' ? served(pathOf(url)) : served
    const forBytes = method === 'GET' && !redirects(options, url)
    if (forBytes) requests.push(`${method} ${url} ${headers.range ?? 'whole'}`)
    const fault = forBytes ? nextFault(options) : undefined
    answer(request, response, { ...options, fault }).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    serve(next) {
      served = next
      faults = new Map()
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
