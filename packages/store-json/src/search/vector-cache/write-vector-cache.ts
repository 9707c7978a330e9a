import { randomUUID } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { FileOperations, NewFile } from '@quern/core/files'
import type { SourceContent } from '../../source-entry.ts'
import { decodeRows } from '../decode-rows.ts'
import { decodeTexts } from '../decode-texts.ts'
import type { Pace } from '../pace.ts'
import { readAhead } from '../../files/read-ahead.ts'
import { columnsBytes, createColumns, setColumns } from './cache-columns.ts'
import type { CachedSource } from './cache-index.ts'
import { encodeCacheIndex } from './cache-index.ts'

/** What a vector cache is made with. */
export interface CacheTarget {
  /** Path of the cache. */
  readonly path: string
  readonly dimensions: number
  readonly operations: FileOperations
}

/** Numbers of vectors that are written together: 1 MiB. */
const blockNumbers = 2 ** 18

/** Writes the rows of these contents, source by source, then what is known of all. */
async function writeRows(
  file: NewFile,
  contents: readonly SourceContent[],
  dimensions: number,
  pace: Pace,
): Promise<void> {
  const rows = contents.reduce((sum, { textHashes }) => sum + textHashes.length, 0)
  const columnsMemory = new ArrayBuffer(columnsBytes(rows, 0))
  const columns = createColumns(columnsMemory, rows)
  let vectorsChecksum = 0
  const sources: CachedSource[] = []
  const idParts: Buffer[] = []
  const metadataParts: Buffer[] = []
  let row = 0
  // Sources are written together, up to the length of a block; a longer one by itself.
  let block = new Float32Array(blockNumbers)
  let filled = 0
  const flush = async (): Promise<void> => {
    const bytes = new Uint8Array(block.buffer, 0, filled * Float32Array.BYTES_PER_ELEMENT)
    filled = 0
    vectorsChecksum = crc32(bytes, vectorsChecksum)
    await file.write(bytes)
  }
  for await (const source of readAhead(contents)) {
    const { content } = source
    const numbers = content.textHashes.length * dimensions
    if (filled > 0 && filled + numbers > block.length) await flush()
    if (numbers > block.length) block = new Float32Array(numbers)
    const start = filled
    filled += numbers
    const takeVectors = (first: number, some: Float32Array): void => block.set(some, start + first * dimensions)
    const decoded = await decodeRows(source, { dimensions, pace, takeVectors })
    const metadata = (await decodeTexts(source, pace)).map((text) => text.metadata)
    idParts.push(setColumns(columns, decoded, row))
    row += decoded.ids.length
    const json = Buffer.from(JSON.stringify(metadata))
    metadataParts.push(json)
    sources.push({ sha256: content.range?.sha256 ?? '', rows: decoded.ids.length, metadataBytes: json.length })
  }
  await flush()
  const columnsData = new Uint8Array(columnsMemory)
  const idData = Buffer.concat(idParts)
  const metadataData = Buffer.concat(metadataParts)
  const checksums = {
    vectors: vectorsChecksum,
    columns: crc32(idData, crc32(columnsData)),
    metadata: crc32(metadataData),
  }
  await file.write(columnsData)
  await file.write(idData)
  await file.write(metadataData)
  await file.write(encodeCacheIndex({ dimensions, idBytes: idData.length, sources, checksums }))
}

/**
 * Writes the vector cache of contents, from their lines, in place of the one that may stand there. Holds no more lines in memory than
 * `readAhead` does, and no texts. Rejects with the system's errors, with `STORE_CORRUPT` for damaged lines, with what the checkpoint throws;
 * then no cache is written.
 */
export async function writeVectorCache(
  contents: readonly SourceContent[],
  { path, dimensions, operations }: CacheTarget,
  pace: Pace,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  const file = await operations.createFile(temporary)
  try {
    try {
      await writeRows(file, contents, dimensions, pace)
      await file.sync()
    } finally {
      await file.close()
    }
    await operations.rename(temporary, path)
  } catch (error) {
    // The first error says what happened; the next writer removes what is left.
    await operations.remove(temporary).catch(() => undefined)
    throw error
  }
}
