import { chunkId, compareStrings, sha256, textHash, vectorLength } from '@quern/core'
import type { EmbeddingSpace, JsonValue, SourceChunks, StoredChunk, VectorStore } from '@quern/core'

/** The space of the stores in these tests. */
export const space: EmbeddingSpace = { model: 'sample', dimensions: 16, fingerprint: sha256('sample space') }

/** Texts, ids and keys that a format, a file system or a query language may trip over. */
const hostile = [
  'plain',
  "it's; DROP TABLE chunks;--",
  '"quoted" \\ back\\\\slash',
  'null\u0000byte',
  'line\nfeed\r\nand\ttab',
  'separators \u2028 and \u2029',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '%_ \\_ *',
  'e\u0301 and é',
  'thread 🧵 \u{10ffff}',
  '\u202eright to left',
  '\ufeffmark',
  '{"vector":[1]}',
  ' ',
  'x'.repeat(70_000),
]

/** Numbers whose bits are easily lost, as a unit vector. */
function hostileVector(index: number): Float32Array {
  const numbers = Float32Array.from({ length: space.dimensions }, (_, i) => Math.sin(index * 31 + i) / 4)
  numbers.set([-0, 0, 1e-45, -1e-38, 1.17549435e-38, 0.1, 1 / 3, 2 ** -24])
  const length = vectorLength(numbers)
  return Float32Array.from(numbers, (number) => number / length)
}

function hostileMetadata(index: number): Readonly<Record<string, JsonValue>> {
  const text = hostile[index % hostile.length] ?? ''
  const nested = JSON.parse(`{"__proto__":{"polluted":${index}},"list":[null,true,1.5e-7,"",[[]],{}]}`) as JsonValue
  return { [text]: text, title: text, nested, page: index, share: index / 7 }
}

/** A source with a chunk for each text. */
function sourceOf(id: string, texts: readonly string[], seed: number): SourceChunks {
  const ordinals = new Map<string, number>()
  const chunks = texts.map((text, index): StoredChunk => {
    const embedText = index % 2 === 0 ? text : `heading\n\n${text}`
    const hash = textHash(embedText)
    const ordinal = ordinals.get(hash) ?? 0
    ordinals.set(hash, ordinal + 1)
    return {
      id: chunkId(id, hash, ordinal),
      pageContent: text,
      embedText,
      textHash: hash,
      metadata: {
        ...hostileMetadata(seed + index),
        source: id,
        chunk: index,
        start: 0,
        end: text.length,
        lines: { from: 1, to: 1 },
        tokens: 3,
      },
      vector: hostileVector(seed * 100 + index),
      createdAt: new Date(1e12 + seed * 1000 + index).toISOString(),
    }
  })
  const state = {
    id,
    contentHash: sha256(id),
    size: seed,
    modifiedAt: '2026-11-23T08:15:30.123456789Z',
    observedAt: '2026-11-23T08:15:31.000000001Z',
    recipe: sha256('recipe'),
    chunkCount: chunks.length,
  }
  return { state, chunks }
}

/** A source for each hostile id, some with every hostile text, some empty. */
export function hostileSources(): SourceChunks[] {
  return hostile.map((id, index) => sourceOf(id, index % 3 === 0 ? hostile.filter((text) => text !== ' ') : [], index))
}

/** Everything that a store holds, in a form that shows every bit. */
export async function contentsOf(store: VectorStore): Promise<unknown[]> {
  const contents: { id: string; state: unknown; chunks: unknown[] }[] = []
  for await (const state of store.listSources()) {
    const chunks = []
    for await (const { vector, ...rest } of store.getChunks({ sources: [state.id] })) {
      chunks.push({ ...rest, bytes: Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('hex') })
    }
    contents.push({ id: state.id, state, chunks })
  }
  return contents.toSorted((a, b) => compareStrings(a.id, b.id))
}
