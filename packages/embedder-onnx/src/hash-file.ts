import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { modelUnreadable } from './model-errors.ts'

/** SHA-256 of a file of a model, in hex, read piece by piece. Rejects with `MODEL_NOT_FOUND` or `MODEL_INVALID`. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash)
  } catch (error) {
    throw modelUnreadable(path, error)
  }
  return hash.digest('hex')
}

/** Tells a file of a model from one that takes its place, without reading it. Rejects with `MODEL_NOT_FOUND` or `MODEL_INVALID`. */
export async function fileVersion(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true })
    return `${ino} ${size} ${mtimeNs}`
  } catch (error) {
    throw modelUnreadable(path, error)
  }
}
