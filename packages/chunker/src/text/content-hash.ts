/**
 * A number from 0 to 2³² − 1 that depends on a few characters alone: cuts that are chosen by it stay where they are when the text
 * elsewhere changes. FNV-1a over the UTF-16 code units, its bits spread by the finalizer of MurmurHash3.
 */
export function contentHash(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5
  const last = Math.min(end, text.length)
  for (let offset = Math.max(0, start); offset < last; offset++) {
    hash = Math.imul(hash ^ text.charCodeAt(offset), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
