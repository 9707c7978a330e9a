import type { StoreFault, StoredChunk } from '@quern/core'
import { isQuernError, textHash, vectorFault } from '@quern/core'
import { decodeChunk, decodeLine, readSourceLines } from '../files/read-source.ts'
import type { ReadOptions } from '../read-chunks.ts'
import type { SourceEntry } from '../source-entry.ts'

/** What is wrong with a chunk that its checksum does not show: it was written so. */
function chunkFault(chunk: StoredChunk, { state, content }: SourceEntry, index: number): string | undefined {
  const { id, embedText, metadata, vector } = chunk
  const name = `chunk ${id} of ${state.id}`
  if (chunk.textHash !== content.textHashes.at(index)) return `${name} is another than the sources say`
  if (textHash(embedText) !== chunk.textHash) return `the text of ${name} is not that of its hash`
  if (metadata.source !== state.id || metadata.chunk !== index) return `${name} says that it stands elsewhere`
  const fault = vectorFault(vector, vector.length)
  return fault === undefined ? undefined : `the vector of ${name} is none: ${fault}`
}

/** The source of each chunk id that was seen. */
export type SeenIds = Map<string, string>

async function* faultsOf(entry: SourceEntry, seen: SeenIds, options: ReadOptions): AsyncIterable<string> {
  const { content, state } = entry
  const lines = await readSourceLines(content)
  for (const [index, { bytes }] of lines.entries()) {
    options.checkpoint()
    const chunk = await decodeLine(content, index, () => decodeChunk(bytes, options.dimensions))
    const fault = chunkFault(chunk, entry, index)
    if (fault !== undefined) yield fault
    const other = seen.get(chunk.id)
    if (other !== undefined) yield `the id ${chunk.id} belongs to chunks of ${other} and of ${state.id}`
    seen.set(chunk.id, state.id)
  }
}

/** Reads the chunks of a source and yields what is wrong with them. Rejects when that cannot be found out. */
export async function* verifySource(
  entry: SourceEntry,
  seen: SeenIds,
  options: ReadOptions,
): AsyncIterable<StoreFault> {
  const { state, content } = entry
  const sources = [state.id]
  const place = content.range?.file.path ?? ''
  try {
    for await (const message of faultsOf(entry, seen, options)) yield { place, message, sources }
  } catch (error) {
    if (!isQuernError(error, 'STORE_CORRUPT')) throw error
    yield { place, message: error.message, sources }
  }
}
