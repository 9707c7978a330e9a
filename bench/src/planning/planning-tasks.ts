import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { chunkId, createMemoryStore, hashParts, sha256, textHash } from '@quern/core'
import type { Chunker, SourceChunks, VectorStore } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import { openFileLoader } from '@quern/loader'
import { planCorpus } from '@quern/pipeline'
import { openJsonStore } from '@quern/store-json'
import { openLanceStore } from '@quern/store-lancedb'
import { answerTasks } from '../child-tasks.ts'
import { timed } from '../measure.ts'

const embedder = createFakeEmbedder({ dimensions: 8 })
const recipe = 'planning-1'
const sourcesInBatch = 5000

/** A chunker that is never asked for a chunk. */
const chunker: Chunker = {
  recipe,
  // oxlint-disable-next-line require-yield
  async *split() {
    throw new Error('nothing has changed, and yet something is split')
  },
}

type StoreType = 'memory' | 'json' | 'lancedb'

async function openStore(type: StoreType, path: string, mode: 'read' | 'write'): Promise<VectorStore> {
  const { space } = embedder
  if (type === 'json') return openJsonStore({ path, mode, space })
  return type === 'lancedb' ? openLanceStore({ uri: path, mode, space }) : createMemoryStore({ space })
}

/** Every file of the tree as it would be stored, with one chunk. */
async function fill(store: VectorStore, tree: string): Promise<void> {
  await using loader = await openFileLoader({ roots: [{ path: tree, name: 'docs' }] })
  const vector = Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0)
  let put: SourceChunks[] = []
  for await (const entry of loader.list()) {
    if (entry.type === 'skipped') continue
    const { id, size, modifiedAt, observedAt } = entry.source
    const hash = textHash(id)
    const metadata = { source: id, chunk: 0, start: 0, end: id.length, lines: { from: 1, to: 1 }, tokens: 3 }
    const chunk = { id: chunkId(id, hash, 0), pageContent: id, embedText: id, textHash: hash, metadata, vector }
    const state = { id, contentHash: sha256(id), size, modifiedAt, observedAt, chunkCount: 1 }
    put.push({
      state: { ...state, recipe: hashParts(entry.source.recipe, recipe) },
      chunks: [{ ...chunk, createdAt: '2026-11-24T08:00:00.000Z' }],
    })
    if (put.length < sourcesInBatch) continue
    await store.commit({ put })
    put = []
  }
  await store.commit({ put })
}

/** The plainest walk that knows what a planner must know: size and nanoseconds of each file. */
async function walk(folder: string, seen: { files: number; bytes: number }): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await walk(path, seen)
    else {
      const { size, mtimeNs } = await stat(path, { bigint: true })
      if (mtimeNs > 0n) seen.files++
      seen.bytes += Number(size)
    }
  }
}

/** Seconds on the clock and of the processor, all threads together: on a busy machine the latter tell more. */
async function costOf(work: () => Promise<void>): Promise<{ seconds: number; cpuSeconds: number }> {
  const before = process.cpuUsage()
  const seconds = await timed(work)
  const { user, system } = process.cpuUsage(before)
  return { seconds, cpuSeconds: (user + system) / 1e6 }
}

export const planningTasks = {
  async fillStore({ tree, type, path }: { tree: string; type: 'json' | 'lancedb'; path: string }) {
    await using store = await openStore(type, path, 'write')
    await fill(store, tree)
  },

  async walkBare({ tree }: { tree: string }) {
    const seen = { files: 0, bytes: 0 }
    return { ...(await costOf(() => walk(tree, seen))), unchanged: seen.files }
  },

  async listAlone({ tree }: { tree: string }) {
    await using loader = await openFileLoader({ roots: [{ path: tree, name: 'docs' }] })
    let count = 0
    const cost = await costOf(async () => {
      for await (const entry of loader.list()) if (entry.type === 'source') count++
    })
    return { ...cost, unchanged: count }
  },

  async planUnchanged({ tree, type, path }: { tree: string; type: StoreType; path: string }) {
    await using loader = await openFileLoader({ roots: [{ path: tree, name: 'docs' }] })
    await using store = await openStore(type, path, 'read')
    if (type === 'memory') await fill(store, tree)
    let unchanged = 0
    const cost = await costOf(async () => {
      const { sources } = await planCorpus({ loader, chunker, embedder, store })
      unchanged = sources.unchanged
    })
    return { ...cost, unchanged }
  },
}

answerTasks(planningTasks)
