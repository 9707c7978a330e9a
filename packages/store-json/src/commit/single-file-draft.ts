import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SourceState, StoreBatch, StoredChunk } from '@quern/core'
import { compareStrings, sha256 } from '@quern/core'
import type { NewFile } from '@quern/core/files'
import { encodeChunkEntry } from '../format/chunk-line.ts'
import type { ChunkFile } from '../files/chunk-file.ts'
import type { Manifest } from '../format/manifest.ts'
import { encodeSingleFileHead, encodeSingleFileTail, entrySeparator } from '../format/single-file.ts'
import type { SingleFileHead } from '../format/single-file.ts'
import type { PutRecord } from '../format/source-record.ts'
import { copyState, putRecord } from '../format/source-record.ts'
import { singleFileName } from '../format/store-layout.ts'
import type { SourceContent } from '../source-entry.ts'
import type { StringList } from '../string-list.ts'
import type { StoreContents } from '../store-contents.ts'

/** Entries of a source in a single file, as they stand there, damaged or not. */
interface StoredEntries {
  readonly file: Pick<ChunkFile, 'read'>
  /** Where they begin, counted from the first entry of the file. */
  readonly offset: number
}

/** A source on its way into a new single file. */
export interface DraftedSource {
  readonly state: SourceState
  readonly textHashes: StringList
  readonly bytes: number
  readonly sha256: string
  /** Its entries, or where they stand already. */
  readonly entries: Buffer | StoredEntries
  /** The content that is stored already, whose bytes these are. */
  readonly content: SourceContent | undefined
}

/** Chunks that are encoded without a pause: other work waits some 10 ms at most. */
const chunksPerTurn = 64

const separator = Buffer.from(entrySeparator)
const noEntries = Buffer.alloc(0)

async function encodeEntries(chunks: readonly StoredChunk[]): Promise<Buffer> {
  const parts: Buffer[] = []
  for (const [index, chunk] of chunks.entries()) {
    if (index > 0) parts.push(separator)
    parts.push(encodeChunkEntry(chunk))
    if (index % chunksPerTurn === chunksPerTurn - 1) await nextTurn()
  }
  const [entry] = parts
  return entry !== undefined && parts.length === 1 ? entry : Buffer.concat(parts)
}

async function draftSource(state: SourceState, chunks: readonly StoredChunk[]): Promise<DraftedSource> {
  const textHashes = chunks.map(({ textHash }) => textHash)
  const data = await encodeEntries(chunks)
  return { state, textHashes, bytes: data.length, sha256: sha256(data), entries: data, content: undefined }
}

function keepSource(state: SourceState, content: SourceContent): DraftedSource {
  const { range, textHashes } = content
  // A damaged source is found by its checksum as before, and hinders no other.
  return {
    state,
    textHashes,
    bytes: range?.bytes ?? 0,
    sha256: range?.sha256 ?? '',
    entries: range ?? noEntries,
    content,
  }
}

/**
 * The sources that a store in a single file holds after a batch, by ascending id, so that the file is the same whatever the order of the
 * commits. Undefined when their entries are longer than `most` bytes.
 */
export async function draftSources(
  { catalog }: StoreContents,
  batch: StoreBatch,
  { most, signal }: { readonly most: number; readonly signal?: AbortSignal | undefined },
): Promise<DraftedSource[] | undefined> {
  const touches = new Map((batch.touch ?? []).map((state) => [state.id, copyState(state)]))
  const gone = new Set([...(batch.delete ?? []), ...(batch.put ?? []).map(({ state }) => state.id)])
  const sources: DraftedSource[] = []
  for (const { state, content } of catalog.entries.values()) {
    if (!gone.has(state.id)) sources.push(keepSource(touches.get(state.id) ?? state, content))
  }
  let bytes = sources.reduce((sum, source) => sum + source.bytes, 0)
  for (const { state, chunks } of batch.put ?? []) {
    signal?.throwIfAborted()
    const source = await draftSource(copyState(state), chunks)
    sources.push(source)
    bytes += source.bytes
    if (bytes > most) return undefined
  }
  return sources.toSorted((a, b) => compareStrings(a.state.id, b.state.id))
}

/** Where the entries of these sources come to stand. */
export function recordSources(sources: readonly DraftedSource[]): PutRecord[] {
  let offset = 0
  return sources.map(({ state, textHashes, bytes, sha256: sum }) => {
    if (bytes === 0) return putRecord(state, textHashes, undefined)
    const range = { file: singleFileName, offset, bytes, sha256: sum }
    offset += bytes + entrySeparator.length
    return putRecord(state, textHashes, range)
  })
}

/** The head of the single file of these sources. */
export function draftHead(before: Manifest, records: readonly PutRecord[]): SingleFileHead {
  const chunks = records.reduce((sum, { put }) => sum + put.chunkCount, 0)
  const { space, createdAt } = before
  return encodeSingleFileHead({ space, createdAt, updatedAt: new Date().toISOString(), chunks, records })
}

/** Entries are read and written in pieces of about so many bytes. */
const pieceBytes = 2 ** 20

/** Entries of sources that follow one another in a file, and are read in one go. */
interface Piece extends StoredEntries {
  /** Where those of each source end, counted from the first. */
  readonly ends: number[]
}

/** What the entries of these sources are written from, in order. */
function* piecesOf(sources: readonly DraftedSource[]): Generator<Buffer | Piece> {
  let piece: Piece | undefined
  for (const { entries, bytes } of sources) {
    if (bytes === 0) continue
    const end = piece?.ends.at(-1) ?? 0
    if (piece !== undefined && !Buffer.isBuffer(entries) && end < pieceBytes) {
      const next = piece.offset + end + separator.length
      if (entries.file === piece.file && entries.offset === next) {
        piece.ends.push(end + separator.length + bytes)
        continue
      }
    }
    if (piece !== undefined) yield piece
    piece = Buffer.isBuffer(entries) ? undefined : { file: entries.file, offset: entries.offset, ends: [bytes] }
    if (Buffer.isBuffer(entries)) yield entries
  }
  if (piece !== undefined) yield piece
}

async function readPiece({ file, offset, ends }: Piece): Promise<Buffer> {
  const bytes = await file.read(offset, ends.at(-1) ?? 0)
  // They stand there already, unless they are damaged.
  for (const end of ends.slice(0, -1)) separator.copy(bytes, end)
  return bytes
}

/** Writes a single file: the head, the entries of the sources in order, the tail. */
export async function writeSingleFile(
  file: NewFile,
  { head, sources }: { head: SingleFileHead; sources: readonly DraftedSource[] },
): Promise<void> {
  let pending: Buffer[] = []
  let pendingBytes = 0
  const add = (data: Buffer): void => {
    pending.push(data)
    pendingBytes += data.length
  }
  const flush = async (): Promise<void> => {
    const data = Buffer.concat(pending, pendingBytes)
    pending = []
    pendingBytes = 0
    await file.write(data)
  }
  add(Buffer.from(head.text))
  let first = true
  for (const piece of piecesOf(sources)) {
    if (!first) add(separator)
    first = false
    const data = Buffer.isBuffer(piece) ? piece : await readPiece(piece)
    // A long one is written as it is, without a copy.
    if (data.length < pieceBytes / 2) add(data)
    else {
      await flush()
      await file.write(data)
    }
    if (pendingBytes >= pieceBytes) await flush()
  }
  add(Buffer.from(encodeSingleFileTail(head.manifest)))
  await flush()
}
