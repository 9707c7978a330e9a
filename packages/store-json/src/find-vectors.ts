import type { ReusableVector } from '@quern/core'
import type { Catalog } from './catalog.ts'
import type { ReadOptions } from './read-chunks.ts'
import { decodeChunk, decodeLine, readSourceLines } from './files/read-source.ts'
import type { SourceLine } from './files/read-source.ts'
import type { SourceContent } from './source-entry.ts'

/** For each stored text among these: a content that holds it. Grouped by content, so that each is read once. */
export function locateTexts(catalog: Catalog, textHashes: readonly string[]): Map<SourceContent, Set<string>> {
  const located = new Map<SourceContent, Set<string>>()
  for (const textHash of textHashes) {
    const content = catalog.findText(textHash)
    if (content === undefined) continue
    const hashes = located.get(content)
    if (hashes === undefined) located.set(content, new Set([textHash]))
    else hashes.add(textHash)
  }
  return located
}

/** Reads the vectors of located texts. */
export async function readVectors(
  located: ReadonlyMap<SourceContent, ReadonlySet<string>>,
  { dimensions, checkpoint }: ReadOptions,
): Promise<Map<string, ReusableVector>> {
  const found = new Map<string, ReusableVector>()
  for (const [content, hashes] of located) {
    checkpoint()
    const lines = await readSourceLines(content)
    const stored = [...content.textHashes]
    for (const textHash of hashes) {
      const index = stored.indexOf(textHash)
      const { bytes } = lines[index] as SourceLine
      const { vector, createdAt } = await decodeLine(content, index, () => decodeChunk(bytes, dimensions))
      found.set(textHash, { vector, createdAt })
    }
  }
  return found
}
