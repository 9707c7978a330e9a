import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SourceState, StoreBatch, StoredChunk } from '@quern/core'
import { compareStrings, sha256 } from '@quern/core'
import type { NewFile } from '@quern/core/files'
import { encodeChunkEntry } from '../format/chunk-line.ts'
import type { Manifest } from '../format/manifest.ts'
import { encodeSingleFileHead, encodeSingleFileTail, entrySeparator } from '../format/single-file.ts'
import type { PutRecord } from '../format/source-record.ts'
import { copyState, putRecord } from '../format/source-record.ts'
import { singleFileName } from '../format/store-layout.ts'
import type { SourceContent } from '../source-entry.ts'
import type { StoreContents } from '../store-contents.ts'

/** A source on its way into a new single file. */
export interface DraftedSource {
  readonly state: SourceState
  readonly textHashes: readonly string[]
  readonly bytes: number
  readonly sha256: string
  /** Its entries; none for a source without chunks. */
  read(): Promise<Buffer>
  /** The content that is stored already, whose bytes these are. */
  readonly content: SourceContent | undefined
}

/** Chunks that are encoded without a pause: other work waits some 10 ms at most. */
const chunksPerTurn = 64

const separator = Buffer.from(entrySeparator)

async function encodeEntries(chunks: readonly StoredChunk[]): Promise<Buffer> {
  const parts: Buffer[] = []
  for (const [index, chunk] of chunks.entries()) {
    if (index > 0) parts.push(separator)
    parts.push(encodeChunkEntry(chunk))
    if (index % chunksPerTurn === chunksPerTurn - 1) await nextTurn()
  }
  return Buffer.concat(parts)
}

async function draftSource(state: SourceState, chunks: readonly StoredChunk[]): Promise<DraftedSource> {
  const textHashes = chunks.map(({ textHash }) => textHash)
  const data = await encodeEntries(chunks)
  return { state, textHashes, bytes: data.length, sha256: sha256(data), read: async () => data, content: undefined }
}

function keepSource(state: SourceState, content: SourceContent): DraftedSource {
  const { range, textHashes } = content
  // As they stand, damaged or not: a damaged source is found by its checksum as before, and hinders no other.
  const read = async (): Promise<Buffer> => range?.file.read(range.offset, range.bytes) ?? Buffer.alloc(0)
  return { state, textHashes, bytes: range?.bytes ?? 0, sha256: range?.sha256 ?? '', read, content }
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
export function draftHead(before: Manifest, records: readonly PutRecord[]): string {
  const chunks = records.reduce((sum, { put }) => sum + put.chunkCount, 0)
  const { space, createdAt } = before
  return encodeSingleFileHead({ space, createdAt, updatedAt: new Date().toISOString(), chunks, records })
}

const writeBytes = 2 ** 20

/** Writes a single file: the head, the entries of the sources in order, the tail. */
export async function writeSingleFile(
  file: NewFile,
  { head, manifest, sources }: { head: string; manifest: Manifest; sources: readonly DraftedSource[] },
): Promise<void> {
  let pending: Buffer[] = [Buffer.from(head)]
  let first = true
  const flush = async (): Promise<void> => {
    const data = Buffer.concat(pending)
    pending = []
    await file.write(data)
  }
  for (const source of sources) {
    if (source.bytes === 0) continue
    if (!first) pending.push(separator)
    first = false
    pending.push(await source.read())
    if (pending.reduce((sum, { length }) => sum + length, 0) >= writeBytes) await flush()
  }
  pending.push(Buffer.from(encodeSingleFileTail(manifest)))
  await flush()
}
