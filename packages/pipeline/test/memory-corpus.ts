import { chunkId, QuernError, sha256, textHash } from '@quern/core'
import type { Chunk, Chunker, Document, ListingEntry, Loader, SkipReason, Source } from '@quern/core'

/** A folder tree in memory, with everything that can go wrong on a disk. */
export interface MemoryCorpus extends Loader {
  /** Contents by id; change it between runs as a person would change files. */
  readonly files: Map<string, string>
  /** Modification times by id; a file without one has `defaultTime`. */
  readonly times: Map<string, string>
  /** Ids that are listed as skipped. */
  readonly skips: Map<string, SkipReason>
  /** Ids whose `load` fails. */
  readonly corrupt: Set<string>
  /** How often a source was hashed, and loaded. */
  readonly calls: { hash: number; load: number }
  /** Makes the listing fail as a whole. */
  listingError: Error | undefined
}

const defaultTime = '2026-01-01T00:00:00.000000001Z'
const observedAt = '2026-02-01T00:00:00.000000001Z'

export function createMemoryCorpus(contents: Record<string, string> = {}): MemoryCorpus {
  const files = new Map(Object.entries(contents))
  const times = new Map<string, string>()
  const skips = new Map<string, SkipReason>()
  const corrupt = new Set<string>()
  const calls = { hash: 0, load: 0 }

  const createSource = (id: string, text: string): Source => ({
    id,
    size: Buffer.byteLength(text),
    modifiedAt: times.get(id) ?? defaultTime,
    observedAt,
    recipe: 'memory-1',
    hash: async () => {
      calls.hash++
      return sha256(text)
    },
    load: async () => {
      calls.load++
      if (corrupt.has(id)) throw new QuernError('CORRUPT', `${id} is corrupt`)
      return { document: { pageContent: text, metadata: { source: id } }, contentHash: sha256(text) }
    },
  })

  const corpus: MemoryCorpus = {
    files,
    times,
    skips,
    corrupt,
    calls,
    listingError: undefined,
    covers: (id) => id.startsWith('docs/'),
    async *list(): AsyncIterable<ListingEntry> {
      const ids = [...new Set([...files.keys(), ...skips.keys()])].toSorted()
      for (const id of ids) {
        const reason = skips.get(id)
        if (reason !== undefined) yield { type: 'skipped', id, reason, detail: 'as the test wants' }
        else yield { type: 'source', source: createSource(id, files.get(id) ?? '') }
      }
      if (corpus.listingError !== undefined) throw corpus.listingError
    },
  }
  return corpus
}

/** One chunk a non-blank line. */
export function createLineChunker(recipe = 'lines-1'): Chunker {
  return {
    recipe,
    async *split({ pageContent, metadata }: Document): AsyncIterable<Chunk> {
      const ordinals = new Map<string, number>()
      let start = 0
      let chunk = 0
      for (const [index, line] of pageContent.split('\n').entries()) {
        const end = start + line.length
        if (line.trim() !== '') {
          const embedText = recipe === 'lines-1' ? line : `${recipe}: ${line}`
          const hash = textHash(embedText)
          const ordinal = ordinals.get(hash) ?? 0
          ordinals.set(hash, ordinal + 1)
          yield {
            id: chunkId(metadata.source, hash, ordinal),
            pageContent: line,
            embedText,
            textHash: hash,
            metadata: {
              ...metadata,
              chunk: chunk++,
              start,
              end,
              lines: { from: index + 1, to: index + 1 },
              tokens: line.split(' ').length + 2,
            },
          }
        }
        start = end + 1
      }
    },
  }
}
