import { crc32 } from 'node:zlib'
import type { ChunkRow } from './chunk-row.ts'

/** The columns of a chunk that its checksum covers. */
export type CheckedColumns = Pick<
  ChunkRow,
  'id' | 'textHash' | 'createdAt' | 'metadata' | 'pageContent' | 'embedPrefix' | 'embedText' | 'vector'
>

/** CRC-32 of the columns of a chunk: of its strings one after another in UTF-8, U+0001 between them, and then of the bytes of its vector. */
export function chunkChecksum({ vector = new Float32Array(), ...row }: CheckedColumns): number {
  const { id, textHash, createdAt, metadata, pageContent, embedPrefix, embedText } = row
  const texts = [id, textHash, createdAt, metadata, pageContent, embedPrefix, embedText].join('\u0001')
  return crc32(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), crc32(texts))
}
