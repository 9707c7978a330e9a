import type { SourceContent, SourceEntry } from './source-entry.ts'
import { createTextHashIndex } from './text-hash-index.ts'

/** What a store holds, in memory: sources, where their chunks stand, which text stands where. No texts and no vectors. */
export interface Catalog {
  /** By source id. Changed only by `put` and `delete`. */
  readonly entries: ReadonlyMap<string, SourceEntry>
  /** Deleted sources, with the source file that says so: an older file may still hold a record that this one revokes. */
  readonly deletions: ReadonlyMap<string, string>
  readonly chunkCount: number
  /** Another number after every change. */
  readonly revision: number
  put(entry: SourceEntry): void
  delete(id: string, recordFile: string): void
  /** Forgets deletions that no older record needs any more. */
  forgetDeletions(recordFiles: ReadonlySet<string>): void
  /** Bytes of a chunk file that belong to stored sources. */
  liveBytes(file: string): number
  /** A stored content with a chunk of this text. */
  findText(textHash: string): SourceContent | undefined
}

/** An empty catalog. */
export function createCatalog(): Catalog {
  const entries = new Map<string, SourceEntry>()
  const deletions = new Map<string, string>()
  const live = new Map<string, number>()
  const texts = createTextHashIndex()
  let chunkCount = 0
  let revision = 0

  const count = ({ range, textHashes }: SourceContent, sign: 1 | -1): void => {
    chunkCount += sign * textHashes.length
    if (range === undefined) return
    const { file } = range.file
    live.set(file, (live.get(file) ?? 0) + sign * range.bytes)
    if (live.get(file) === 0) live.delete(file)
  }
  const drop = (id: string): void => {
    const content = entries.get(id)?.content
    if (content === undefined) return
    entries.delete(id)
    count(content, -1)
    texts.remove(content)
  }
  return {
    entries,
    deletions,
    get chunkCount() {
      return chunkCount
    },
    get revision() {
      return revision
    },
    put(entry) {
      revision++
      const { id } = entry.state
      if (entries.get(id)?.content === entry.content) {
        entries.set(id, entry)
        return
      }
      drop(id)
      deletions.delete(id)
      entries.set(id, entry)
      count(entry.content, 1)
      texts.add(entry.content)
    },
    delete(id, recordFile) {
      revision++
      drop(id)
      deletions.set(id, recordFile)
    },
    forgetDeletions(recordFiles) {
      for (const [id, recordFile] of deletions) if (recordFiles.has(recordFile)) deletions.delete(id)
    },
    liveBytes: (file) => live.get(file) ?? 0,
    findText: (textHash) => texts.find(textHash, () => [...entries.values()].map(({ content }) => content)),
  }
}
