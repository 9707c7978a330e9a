import { crc32 } from 'node:zlib'
import type { ChunkRow } from './chunk-row.ts'

/** The columns of a chunk that its checksum covers. */
export type CheckedColumns = Pick<
  ChunkRow,
  'id' | 'textHash' | 'createdAt' | 'metadata' | 'pageContent' | 'embedPrefix' | 'embedText' | 'vector'
>

/**
 * CRC-32 of the columns of a chunk: of its strings one after another in UTF-8, U+0001 between them and nothing for an absent one, and
 * then of the bytes of its vector.
 */
export function chunkChecksum(row: CheckedColumns): number {
  const { vector, embedPrefix = '', embedText = '' } = row
  const texts = `${row.id}\u0001${row.textHash}\u0001${row.createdAt}\u0001${row.metadata}\u0001${row.pageContent}\u0001${embedPrefix}\u0001${embedText}`
  const sum = crc32(texts)
  return vector === undefined ? sum : crc32(vector, sum)
}
