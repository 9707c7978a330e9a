import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import type { CallOptions, ChunkMetadata, EmbeddingSpace, SourceChunks, SourceState, StoredChunk } from '@quern/core'
import { chunkId, errorMessage, hashParts, isQuernError, QuernError, systemErrorCode, textHash } from '@quern/core'
import type { ClassicEntry } from './classic-entry.ts'
import { readClassicEntry } from './classic-entry.ts'
import { classicError, unknownError } from './classic-errors.ts'
import type { ClassicIndex } from './classic-index.ts'
import { indexClassicFile, readPiece } from './classic-index.ts'
import { resolveClassicSpace } from './classic-space.ts'
import type { JsonPiece } from './json-pieces.ts'

/** A file of embeddings that another program has made, and what it does not tell. */
export interface ClassicFileOptions extends CallOptions {
  /** Path of the file. */
  readonly path: string
  /** The space of its vectors. Needed unless the file tells a fingerprint; it must agree with the model and dimensions of the file. */
  readonly space?: EmbeddingSpace | undefined
  /** The name that the file gives to the model of `space`, where that is another one. */
  readonly modelName?: string | undefined
  /** Id of the source to which entries without `metadata.source` belong. */
  readonly source?: string | undefined
}

/** A classic file, checked from beginning to end. */
export interface OpenedClassicFile extends AsyncDisposable {
  readonly space: EmbeddingSpace
  readonly expected: { readonly sources: number; readonly chunks: number }
  /** The sources in the order of their first entries, one in memory at a time. To be read once, before the disposal. */
  readonly sources: AsyncIterable<SourceChunks>
}

/** Stands for the recipe of chunks that nobody here has made: a run over the sources splits them anew, and takes over their vectors. */
const importedRecipe = 'classic-import-1'

interface NumberedPiece extends JsonPiece {
  readonly index: number
}

interface ClassicReading {
  readonly handle: FileHandle
  readonly path: string
  readonly space: EmbeddingSpace
  readonly source: string | undefined
  /** When the vectors were made, as far as the file tells; else when it was written. */
  readonly created: string
}

/** The system's errors as those of this package; others as they are. */
function toReadError(error: unknown, path: string): unknown {
  const code = systemErrorCode(error)
  if (code === undefined || isQuernError(error)) return error
  const missing = code === 'ENOENT'
  return new QuernError(missing ? 'OPTION_INVALID' : 'UNREADABLE', `${path} cannot be read: ${errorMessage(error)}`, {
    hint: missing ? 'Check the path.' : 'Name a file, and check its permissions.',
    cause: error,
    details: { file: path },
  })
}

async function readEntry({ handle, path, space }: ClassicReading, piece: NumberedPiece): Promise<ClassicEntry> {
  return readClassicEntry(await readPiece(handle, piece), space.dimensions, { path, index: piece.index })
}

function sourceOf({ metadata }: ClassicEntry, { path, source }: ClassicReading, index: number): string {
  const told = metadata.source
  if (typeof told === 'string' && told !== '') return told
  if (source !== undefined) return source
  throw unknownError(
    path,
    `of which source entry ${index} is: it has no metadata.source`,
    'Say to which source entries without one belong: option source (indexer import --source <id>).',
  )
}

/** Reads every entry once: what is wrong with any of them is found before the first is taken over. */
async function groupBySource(
  reading: ClassicReading,
  { entries }: ClassicIndex,
  { signal }: CallOptions,
): Promise<Map<string, NumberedPiece[]>> {
  const groups = new Map<string, NumberedPiece[]>()
  const ids = new Map<string, number>()
  for (const [index, entry] of entries.entries()) {
    signal?.throwIfAborted()
    const piece = { ...entry, index }
    const read = await readEntry(reading, piece)
    const source = sourceOf(read, reading, index)
    const same = read.id === undefined ? undefined : ids.get(read.id)
    if (same !== undefined) throw classicError(reading.path, `entries ${same} and ${index} have the same id ${read.id}`)
    if (read.id !== undefined) ids.set(read.id, index)
    const group = groups.get(source)
    if (group === undefined) groups.set(source, [piece])
    else group.push(piece)
  }
  return groups
}

function countOr(value: unknown, otherwise: number): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : otherwise
}

/** Metadata as the contract has them. Places in a document that nobody knows any more are those in the chunk's own text. */
function metadataOf({ metadata, content }: ClassicEntry, source: string, chunk: number): ChunkMetadata {
  const lines = metadata.lines ?? { from: 1, to: content.split('\n').length }
  const { start, end, tokens } = metadata
  return {
    ...metadata,
    source,
    chunk,
    start: countOr(start, 0),
    end: countOr(end, content.length),
    lines,
    tokens: countOr(tokens, 0),
  }
}

function toChunks(entries: readonly ClassicEntry[], source: string, created: string): StoredChunk[] {
  const ordinals = new Map<string, number>()
  return entries.map((entry, index): StoredChunk => {
    const { id, content, embedText, vector, createdAt = created } = entry
    const hash = textHash(embedText)
    const ordinal = ordinals.get(hash) ?? 0
    ordinals.set(hash, ordinal + 1)
    const metadata = metadataOf(entry, source, index)
    return {
      id: id ?? chunkId(source, hash, ordinal),
      pageContent: content,
      embedText,
      textHash: hash,
      metadata,
      vector,
      createdAt,
    }
  })
}

async function readSource(
  reading: ClassicReading,
  id: string,
  pieces: readonly NumberedPiece[],
): Promise<SourceChunks> {
  const entries: ClassicEntry[] = []
  for (const piece of pieces) entries.push(await readEntry(reading, piece))
  const chunks = toChunks(entries, id, reading.created)
  const moment = `${reading.created.slice(0, -1)}000000Z`
  const state: SourceState = {
    id,
    // No file has this hash, so that the next run over the sources looks at each of them.
    contentHash: hashParts(importedRecipe, ...entries.map(({ content }) => content)),
    size: entries.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0),
    modifiedAt: moment,
    observedAt: moment,
    recipe: importedRecipe,
    chunkCount: chunks.length,
  }
  return { state, chunks }
}

async function* readSources(
  reading: ClassicReading,
  groups: ReadonlyMap<string, readonly NumberedPiece[]>,
  { signal }: CallOptions,
): AsyncIterable<SourceChunks> {
  for (const [source, pieces] of groups) {
    signal?.throwIfAborted()
    try {
      yield await readSource(reading, source, pieces)
    } catch (error) {
      throw toReadError(error, reading.path)
    }
  }
}

async function createdOf(handle: FileHandle, { members }: ClassicIndex): Promise<string> {
  const told = typeof members['created'] === 'string' ? Date.parse(members['created']) : Number.NaN
  return (Number.isNaN(told) ? (await handle.stat()).mtime : new Date(told)).toISOString()
}

/**
 * Opens a file of embeddings in the form that tutorials teach, made elsewhere: `{version, model, dimensions, count, created, embeddings:
 * [{id, content | text, metadata, embedding | vector}]}`. Reads it twice, piece by piece, so that it may be longer than a string of
 * JavaScript; checks every entry before the first is given out.
 *
 * What such a file does not tell is asked for, never guessed: the fingerprint of the space, and the source of entries without
 * `metadata.source`. Ids are kept; entries without one get that of `chunkId`. Vectors of unit length are kept bit for bit, others are
 * brought to unit length, which changes no cosine. The text that the model has seen is taken to be the content. A later run over
 * the sources splits them anew and uses the vector of every text that comes out the same.
 *
 * Rejects with `OPTION_INVALID` when there is no file or something is missing; `CORRUPT` for a file of another form, an entry without
 * content, an id that comes twice, a wrong count; `STORE_SPACE_MISMATCH` for another model or number of dimensions than those of `space`;
 * `VECTOR_INVALID` for a vector with another number of dimensions, a number that is not finite, or no length; `UNREADABLE`; the
 * reason of the signal.
 */
export async function openClassicFile(options: ClassicFileOptions): Promise<OpenedClassicFile> {
  const { path, source, signal } = options
  signal?.throwIfAborted()
  let handle: FileHandle | undefined
  try {
    handle = await open(path, 'r')
    const opened = handle
    const index = await indexClassicFile(handle, path, { signal })
    const space = resolveClassicSpace(index.members, options)
    const { count } = index.members
    if (count !== undefined && count !== index.entries.length) {
      throw classicError(path, `it says that it has ${JSON.stringify(count)} entries, and has ${index.entries.length}`)
    }
    const reading: ClassicReading = { handle, path, space, source, created: await createdOf(handle, index) }
    const groups = await groupBySource(reading, index, { signal })
    return {
      space,
      expected: { sources: groups.size, chunks: index.entries.length },
      sources: readSources(reading, groups, { signal }),
      [Symbol.asyncDispose]: () => opened.close(),
    }
  } catch (error) {
    await handle?.close()
    throw toReadError(error, path)
  }
}
