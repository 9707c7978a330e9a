import type { ReusableVector } from '@quern/core'
import { rowIdReader, stringReader } from '../format/read-columns.ts'
import type { ChunkReading } from './get-chunks.ts'
import { chunkColumns, storedChunkReader } from './read-chunk.ts'
import { inLists, isOneOf } from './sql-literals.ts'

const sha256Hex = /^[0-9a-f]{64}$/

/** The row of one chunk for each of these text hashes that is stored. A text may stand in the store a hundred thousand times. */
async function findRows({ table, checkpoint }: ChunkReading, textHashes: readonly string[]): Promise<bigint[]> {
  const rows = new Map<string, bigint>()
  const query = table.query().where(isOneOf('textHash', textHashes)).select(['textHash']).withRowId()
  for await (const batch of query) {
    checkpoint()
    const [textHash, rowId] = [stringReader(batch, 'textHash'), rowIdReader(batch)]
    for (let row = 0; row < batch.numRows; row++) rows.set(textHash(row) ?? '', rowId(row))
  }
  return [...rows.values()]
}

/**
 * Vectors by text hash, from one version of the table. Whole chunks are read for it, to compare their checksums: a damaged vector that
 * was used again would be written with a checksum that is right. Throws `STORE_CORRUPT` for one.
 */
export async function findVectors(
  reading: ChunkReading,
  textHashes: readonly string[],
): Promise<Map<string, ReusableVector>> {
  const found = new Map<string, ReusableVector>()
  for (const list of inLists(new Set(textHashes.filter((hash) => sha256Hex.test(hash))))) {
    reading.checkpoint()
    const rows = await findRows(reading, list)
    if (rows.length === 0) continue
    for await (const batch of reading.table.takeRowIds(rows).select([...chunkColumns])) {
      const read = storedChunkReader(batch, reading)
      for (let row = 0; row < batch.numRows; row++) {
        const { textHash, createdAt, vector } = read(row)
        found.set(textHash, { vector, createdAt })
      }
    }
  }
  return found
}
