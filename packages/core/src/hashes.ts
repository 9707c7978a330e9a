import { createHash, hash } from 'node:crypto'

/** SHA-256 in lower-case hex (64 characters) of bytes, or of a string's UTF-8. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex')
}

/**
 * SHA-256 in hex over several strings, each preceded by its length in UTF-8 bytes, so that no two different lists have the
 * same input (`['ab', 'c']` and `['a', 'bc']` differ).
 */
export function hashParts(...parts: readonly string[]): string {
  const digest = createHash('sha256')
  for (const part of parts) digest.update(`${Buffer.byteLength(part)}:`).update(part)
  return digest.digest('hex')
}

/** Key under which the vector of a text is found again: the SHA-256 of exactly what the model sees. */
export function textHash(embedText: string): string {
  return sha256(embedText)
}

/**
 * Id of a chunk: a hash of its source, the hash of its text and the ordinal among chunks of equal text in that source. An edit
 * above a chunk leaves its id alone.
 */
export function chunkId(sourceId: string, hashOfText: string, ordinal: number): string {
  return hashParts(sourceId, hashOfText, String(ordinal))
}
