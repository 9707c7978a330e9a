import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** How far a download is, in bytes. */
export interface PullProgress {
  readonly bytes: number
  /** Undefined until somebody has said how large the file is. */
  readonly totalBytes: number | undefined
}

/** One request for a file, or for the part of it that is missing. */
export interface DownloadRequest {
  readonly url: string
  /** The file that is written; what it holds already is taken for the beginning. */
  readonly path: string
  readonly totalBytes: number | undefined
  /** The strong ETag that the beginning came under: a file that has changed since comes anew. */
  readonly validator: string | undefined
  readonly onProgress: (progress: PullProgress) => void
  readonly signal: AbortSignal
  /** Milliseconds without a byte after which the request is given up. */
  readonly stallTimeout: number
}

/** Thrown where asking again is of no use: the server answered, and the answer was no. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  /** Of HTTP. */
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

/** Thrown when the disk and not the network failed; the system's error is the cause. */
export class WriteError extends Error {
  override readonly name = 'WriteError'
}

/** Aborts when `beat` was not called for so long. */
function createWatchdog(milliseconds: number): Disposable & { readonly signal: AbortSignal; beat(): void } {
  const controller = new AbortController()
  const timer = setTimeout(() => {
    controller.abort(new Error(`no data arrived for ${milliseconds / 1000} s`))
  }, milliseconds)
  return {
    signal: controller.signal,
    beat: () => void timer.refresh(),
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}

function refusal({ status, statusText, headers }: Response): Error {
  // Hugging Face says here what it does not find: the file, the revision or the repository.
  const words = headers.get('x-error-message')?.slice(0, 200) ?? ''
  const answer = `the server answered ${[String(status), statusText].join(' ').trimEnd()}${words === '' ? '' : `: ${words}`}`
  if (status === 401 || status === 403) {
    return new RefusedError(`${answer}; there is no such repository, or it is not open to everybody`, status)
  }
  // Too slow, too many, or an error of the server: these pass.
  return status === 408 || status === 429 || status >= 500 ? new Error(answer) : new RefusedError(answer, status)
}

/** Where in the file the body of an answer begins, and how large the file is. */
function placeOf(response: Response): { readonly start: number; readonly totalBytes: number | undefined } {
  if (response.status !== 206) {
    const length = Number(response.headers.get('content-length') ?? Number.NaN)
    // The length of a compressed body is not that of the file.
    const known = Number.isSafeInteger(length) && !response.headers.has('content-encoding')
    return { start: 0, totalBytes: known ? length : undefined }
  }
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? []
  if (start === undefined) throw new Error('the server sent a part of the file without saying which')
  return { start: Number(start), totalBytes: total === '*' ? undefined : Number(total) }
}

async function orWriteError<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation
  } catch (error) {
    throw new WriteError('the file cannot be written', { cause: error })
  }
}

function headersFor(held: number, validator: string | undefined): Record<string, string> {
  if (held === 0) return { 'accept-encoding': 'identity' }
  const range = { 'accept-encoding': 'identity', range: `bytes=${held}-` }
  return validator === undefined ? range : { ...range, 'if-range': validator }
}

async function writeBody(file: FileHandle, response: Response, from: number, onBytes: (end: number) => void) {
  let end = from
  for await (const piece of response.body ?? []) {
    await orWriteError(file.writeFile(piece))
    end += piece.byteLength
    onBytes(end)
  }
  return end
}

// node-llama-cpp's downloader asks 150 times before it gives up, for minutes and without a way to abort, also where there is no network.

/**
 * Downloads a file, or the rest of it, by one request. What has arrived stays in the file when the request fails. Resolves when
 * the file is as long as announced and on the disk; rejects with `RefusedError`, `WriteError` or what happened on the network.
 */
export async function downloadFile(request: DownloadRequest): Promise<void> {
  const { url, path, onProgress, stallTimeout } = request
  await using file = await orWriteError(open(path, 'a'))
  const { size: held } = await file.stat()
  if (held > 0 && held === request.totalBytes) return
  using watchdog = createWatchdog(stallTimeout)
  const signal = AbortSignal.any([request.signal, watchdog.signal])
  const response = await fetch(url, { headers: headersFor(held, request.validator), signal })
  // The part that is held does not belong to this file: the next request begins anew.
  if (response.status === 416) await orWriteError(file.truncate())
  if (!response.ok) throw response.status === 416 ? new Error('the server has no such part') : refusal(response)
  const { start, totalBytes = request.totalBytes } = placeOf(response)
  if (start !== 0 && start !== held) throw new Error('the server sent another part of the file than was asked for')
  if (start !== held) await orWriteError(file.truncate())
  onProgress({ bytes: start, totalBytes })
  const end = await writeBody(file, response, start, (bytes) => {
    watchdog.beat()
    onProgress({ bytes, totalBytes })
  })
  if (totalBytes !== undefined && end !== totalBytes) throw new Error(`${end} of ${totalBytes} bytes arrived`)
  await orWriteError(file.sync())
}
