import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

async function digest(path: string, hash: Hash, signal: AbortSignal): Promise<string> {
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20, signal }), hash)
  return hash.digest('hex')
}

/** SHA-256 of a file, in hex. Rejects with the system's error or the signal's. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  return digest(path, createHash('sha256'), signal)
}

/** The hash that git knows a file by, in hex: SHA-1 of `blob <size>`, a zero byte and the content. Rejects as `hashFile` does. */
export async function gitHashFile(path: string, signal: AbortSignal): Promise<string> {
  const { size } = await stat(path)
  return digest(path, createHash('sha1').update(`blob ${size}\0`), signal)
}
