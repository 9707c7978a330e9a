import type { ReusableVector } from '@quern/core'
import { rowIdReader, stringReader, vectorReader } from '../format/read-columns.ts'
import type { ChunkReading } from './get-chunks.ts'
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

/** Vectors by text hash, from one version of the table. */
export async function findVectors(
  reading: ChunkReading,
  textHashes: readonly string[],
): Promise<Map<string, ReusableVector>> {
  const found = new Map<string, ReusableVector>()
  const { table, dimensions, checkpoint } = reading
  for (const list of inLists(new Set(textHashes.filter((hash) => sha256Hex.test(hash))))) {
    checkpoint()
    const rows = await findRows(reading, list)
    if (rows.length === 0) continue
    for await (const batch of table.takeRowIds(rows).select(['textHash', 'createdAt', 'vector'])) {
      const [textHash, createdAt] = [stringReader(batch, 'textHash'), stringReader(batch, 'createdAt')]
      const vector = vectorReader(batch, 'vector', dimensions)
      for (let row = 0; row < batch.numRows; row++) {
        const value = vector(row)
        if (value !== undefined) found.set(textHash(row) ?? '', { vector: value, createdAt: createdAt(row) ?? '' })
      }
    }
  }
  return found
}
