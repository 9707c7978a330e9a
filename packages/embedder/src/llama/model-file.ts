import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { errorMessage, QuernError, sha256, systemErrorCode } from '@quern/core'
import { GgufError, readGgufHeader } from './gguf-header.ts'
import type { GgufHeader } from './gguf-header.ts'
import type { HashCache } from './hash-cache.ts'
import { shapeFault } from './shape-fault.ts'

/** How a model makes one vector from those of the tokens. */
export type Pooling = 'mean' | 'cls' | 'last'

/** What the file of an embedding model says of itself. */
export interface ModelFile {
  readonly path: string
  /** The file's name without `.gguf`. */
  readonly name: string
  /** SHA-256 of the file, in hex. */
  readonly sha256: string
  /** Size of the file. */
  readonly bytes: number
  readonly dimensions: number
  /** Most tokens that the model was trained on. */
  readonly contextLength: number
  readonly pooling: Pooling
  /** Tells this very file from one that takes its place. */
  readonly version: string
}

const poolings: ReadonlyMap<unknown, Pooling> = new Map([
  [1, 'mean'],
  [2, 'cls'],
  [3, 'last'],
])
const rankPooling = 4

/** The error for a file that no embedding model can be loaded from; `reason` completes "the file …". */
export function modelInvalid(path: string, reason: string, cause?: unknown): QuernError {
  return new QuernError('MODEL_INVALID', `the model file ${path} cannot be used: it ${reason}`, {
    hint: 'Give the path of an embedding model in GGUF format (for instance bge-small-en-v1.5): --model <path.gguf>.',
    cause,
    details: { path },
  })
}

/** A mark of the file at `path`. Rejects with `MODEL_NOT_FOUND` or `MODEL_INVALID` when there is none. */
async function fileVersion(path: string): Promise<string> {
  let facts: BigIntStats
  try {
    facts = await stat(path, { bigint: true })
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw modelInvalid(path, `cannot be read (${errorMessage(error)})`, error)
    throw new QuernError('MODEL_NOT_FOUND', `there is no model file ${path}`, {
      hint: 'Check the path, or leave out --model to use the bundled starter model.',
      cause: error,
      details: { path },
    })
  }
  if (!facts.isFile()) throw modelInvalid(path, 'is a folder, not a GGUF file')
  const { ino, size, mtimeNs } = facts
  return `${ino} ${size} ${mtimeNs}`
}

/** Rejects with `MODEL_INVALID` when the file is not the one that was read: its vectors would pass for those of the other. */
export async function requireSameFile({ path, version }: ModelFile): Promise<void> {
  if ((await fileVersion(path)) !== version) throw modelInvalid(path, 'was replaced after it had been opened')
}

async function readHeader(path: string): Promise<GgufHeader> {
  try {
    return await readGgufHeader(path)
  } catch (error) {
    const reason = error instanceof GgufError ? error.message : `cannot be read (${errorMessage(error)})`
    throw modelInvalid(path, `${reason}; a GGUF embedding model is needed`, error)
  }
}

/** Files up to this size are hashed in a few hundredths of a second, read in one piece. */
const smallFile = 32 * 2 ** 20

async function hashFile(path: string, signal: AbortSignal | undefined): Promise<string> {
  const abort = signal === undefined ? {} : { signal }
  try {
    if ((await stat(path)).size <= smallFile) return sha256(await readFile(path, abort))
    const hash = createHash('sha256')
    await pipeline(createReadStream(path, { highWaterMark: 2 ** 20, ...abort }), hash)
    return hash.digest('hex')
  } catch (error) {
    signal?.throwIfAborted()
    throw modelInvalid(path, `cannot be read (${errorMessage(error)})`, error)
  }
}

function readPooling(path: string, architecture: string, value: unknown): Pooling {
  if (value === rankPooling)
    throw modelInvalid(path, 'is a reranker, not an embedding model (GGUF pooling type "rank")')
  const pooling = poolings.get(value)
  if (pooling === undefined) {
    const reason = `is not an embedding model: its GGUF header names no pooling (${architecture}.pooling_type is ${String(value)})`
    throw modelInvalid(path, reason)
  }
  return pooling
}

/** How a model file is read. */
export interface ReadModelFileOptions {
  /** Where hashes of large files are remembered. */
  readonly hashCache?: HashCache | undefined
  readonly signal?: AbortSignal | undefined
}

async function hashOf(path: string, version: string, options: ReadModelFileOptions): Promise<string> {
  const { hashCache, signal } = options
  if (hashCache === undefined || (await stat(path)).size <= smallFile) return hashFile(path, signal)
  const remembered = await hashCache.get(path, version)
  if (remembered !== undefined) return remembered
  const hash = await hashFile(path, signal)
  // Only what the file was before and after is what was hashed.
  if ((await fileVersion(path)) === version) await hashCache.set(path, version, hash)
  return hash
}

/**
 * Reads and checks what the file at `path` says of itself; does not load the model. Rejects with `MODEL_NOT_FOUND` when there is
 * no such file, with `MODEL_INVALID` when it is not a whole GGUF file of one embedding model.
 */
export async function readModelFile(path: string, options: ReadModelFileOptions = {}): Promise<ModelFile> {
  const { signal } = options
  signal?.throwIfAborted()
  const version = await fileVersion(path)
  const header = await readHeader(path)
  const { metadata, tensors } = header
  const architecture = metadata.get('general.architecture')
  if (typeof architecture !== 'string') throw modelInvalid(path, 'has a GGUF header without an architecture')
  if (Number(metadata.get('split.count') ?? 1) > 1) {
    throw modelInvalid(path, 'is one part of a split GGUF model; merge the parts first (llama-gguf-split --merge)')
  }
  if (tensors === 0) throw modelInvalid(path, 'has no weights: it is a vocabulary alone')
  const pooling = readPooling(path, architecture, metadata.get(`${architecture}.pooling_type`))
  const size = (key: string): number => {
    const value = Number(metadata.get(`${architecture}.${key}`))
    if (!Number.isSafeInteger(value) || value < 1) {
      throw modelInvalid(path, `has a GGUF header without a sound ${architecture}.${key}`)
    }
    return value
  }
  const dimensions = size('embedding_length')
  const fault = shapeFault(architecture, header)
  if (fault !== undefined) throw modelInvalid(path, `has a GGUF header ${fault}`)
  return {
    path,
    name: basename(path).replace(/\.gguf$/i, ''),
    dimensions,
    contextLength: size('context_length'),
    pooling,
    version,
    bytes: (await stat(path)).size,
    sha256: await hashOf(path, version, options),
  }
}
