import type {
  CallOptions,
  Embedder,
  RepairReport,
  SourceChunks,
  SourceState,
  StoredChunk,
  VectorStore,
} from '@quern/core'
import { embedTexts } from '../embed-texts.ts'
import type { StoreCheck, StoreFinding } from './store-finding.ts'

/** What is mended, and with what. */
export interface MendStoreOptions extends CallOptions {
  /** Opened for writing. */
  readonly store: VectorStore
  /** What `verifyStore` found in it. */
  readonly findings: readonly StoreFinding[]
  /** Computes wrong vectors anew from the stored texts. Without it their sources are removed. */
  readonly embedder?: Embedder | undefined
}

/** Faults that leave the texts sound. */
const vectorChecks: ReadonlySet<StoreCheck> = new Set(['vector', 'embedding'])

function quantity(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function checksBySource(findings: readonly StoreFinding[]): Map<string, Set<StoreCheck>> {
  const checks = new Map<string, Set<StoreCheck>>()
  for (const { check, sources } of findings) {
    for (const id of sources) checks.set(id, (checks.get(id) ?? new Set()).add(check))
  }
  return checks
}

/** States of the sources in which nothing but vectors is wrong. */
async function statesWithWrongVectors(
  { store, signal }: MendStoreOptions,
  checks: ReadonlyMap<string, ReadonlySet<StoreCheck>>,
): Promise<readonly SourceState[]> {
  const states: SourceState[] = []
  for await (const state of store.listSources({ signal })) {
    const found = checks.get(state.id)
    if (found !== undefined && [...found].every((check) => vectorChecks.has(check))) states.push(state)
  }
  return states
}

/** The source with vectors computed anew, or undefined when one of its texts cannot be embedded. */
async function embedAnew(
  state: SourceState,
  chunks: readonly StoredChunk[],
  { embedder, signal }: CallOptions & { readonly embedder: Embedder },
): Promise<SourceChunks | undefined> {
  const distinct = [...new Map(chunks.map((chunk) => [chunk.textHash, chunk])).values()]
  const { vectors, stoppedBy } = await embedTexts(distinct, { embedder, signal, onEmbedded: () => {} })
  if (stoppedBy !== undefined) throw stoppedBy
  const anew = chunks.flatMap((chunk) => {
    const found = vectors.get(chunk.textHash)
    return found === undefined ? [] : [{ ...chunk, vector: found.vector, createdAt: found.createdAt }]
  })
  return anew.length === chunks.length ? { state, chunks: anew } : undefined
}

/**
 * Mends what `verifyStore` found in sources. Wrong vectors are computed anew from the stored texts. A source with any other fault is removed, as
 * nothing of it can be relied on; the report names it, and the next run indexes it again. Faults of no source are left alone:
 * they are for the repair that the store itself has.
 */
export async function mendStore(options: MendStoreOptions): Promise<RepairReport> {
  const { store, embedder, signal } = options
  const checks = checksBySource(options.findings)
  const lostSources = new Set(checks.keys())
  let renewed = 0
  if (embedder !== undefined)
    for (const state of await statesWithWrongVectors(options, checks)) {
      const chunks = await Array.fromAsync(store.getChunks({ sources: [state.id], signal }))
      const anew = await embedAnew(state, chunks, { embedder, signal })
      if (anew === undefined) continue
      await store.commit({ put: [anew] })
      lostSources.delete(state.id)
      renewed += chunks.length
    }
  if (lostSources.size > 0) await store.commit({ delete: [...lostSources] })
  const actions = [
    ...(renewed === 0 ? [] : [`computed ${quantity(renewed, 'vector')} anew, from the stored texts`]),
    ...(lostSources.size === 0 ? [] : [`removed ${quantity(lostSources.size, 'damaged source')}, to be indexed again`]),
  ]
  return { actions, lostSources: [...lostSources] }
}
