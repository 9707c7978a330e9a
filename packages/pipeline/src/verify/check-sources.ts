import { isQuernError } from '@quern/core'
import type { CallOptions, VectorStore } from '@quern/core'
import { inGroups } from '../copy/read-sources.ts'
import type { Emit } from '../emit.ts'
import type { SpreadSample } from '../spread-sample.ts'
import type { SampledChunk } from './compare-samples.ts'
import { readWhatCanBe } from './read-what-can-be.ts'
import type { ReadSource } from './read-what-can-be.ts'
import { sourceFindings } from './source-findings.ts'
import type { StoreFinding, VerifyEvent } from './store-finding.ts'

const sourcesPerQuery = 256

/** What a verification has counted so far. */
export interface VerifyProgress {
  sources: number
  chunks: number
  samples: number
  findings: number
}

/** What the check of all sources has to do with. */
export interface SourceCheck extends CallOptions {
  readonly store: VectorStore
  /** Sources of which a fault has been told already. */
  readonly told: ReadonlySet<string>
  /** Takes chunks of sound sources. */
  readonly sample: SpreadSample<SampledChunk>
  readonly progress: VerifyProgress
  readonly emit: Emit<VerifyEvent>
}

/** What the listing amounts to. */
interface Listed {
  readonly ids: ReadonlySet<string>
  /** Chunks that the states speak of. */
  readonly chunks: number
}

function findingsOf(source: ReadSource, { store, told }: SourceCheck): StoreFinding[] {
  const { id } = source.state
  if (told.has(id)) return []
  if (!('error' in source)) return sourceFindings(source, store.space.dimensions)
  return [{ check: 'stored', place: id, message: source.error.message, sources: [id] }]
}

async function* checkListed(check: SourceCheck): AsyncGenerator<StoreFinding, Listed> {
  const { store, told, sample, progress, emit, signal } = check
  const ids = new Set<string>()
  let chunks = 0
  for await (const states of inGroups(store.listSources({ signal }), sourcesPerQuery)) {
    for await (const source of readWhatCanBe(store, states, { signal })) {
      const { id, chunkCount } = source.state
      if (ids.has(id)) yield { check: 'state', place: id, message: 'it is listed twice', sources: [id] }
      ids.add(id)
      chunks += chunkCount
      progress.sources++
      const found = findingsOf(source, check)
      yield* found
      if ('error' in source) continue
      progress.chunks += source.chunks.length
      if (found.length === 0 && !told.has(id)) for (const chunk of source.chunks) sample.add(chunk)
    }
    const { sources } = progress
    emit({ type: 'sources-checked', source: states.at(-1)?.id ?? '', sources, chunks: progress.chunks })
  }
  return { ids, chunks }
}

/** Ids of sources that have chunks in the store, and are not listed. */
async function findStrange({ store, signal }: SourceCheck, ids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const strange = new Set<string>()
  try {
    for await (const { metadata } of store.getChunks({ signal })) {
      if (!ids.has(metadata.source)) strange.add(metadata.source)
    }
  } catch (error) {
    // The damage itself has been told of by now.
    if (!isQuernError(error, 'STORE_CORRUPT')) throw error
  }
  return strange
}

/**
 * Looks at every source of a store, and at whether what the store says of itself as a whole is what it lists. Chunks of no source are looked for
 * where it is not.
 */
export async function* checkSources(check: SourceCheck): AsyncGenerator<StoreFinding> {
  const { ids, chunks } = yield* checkListed(check)
  const stats = await check.store.stats()
  if (stats.sources === ids.size && stats.chunks === chunks) return
  const message = `it counts ${stats.sources} sources with ${stats.chunks} chunks, and lists ${ids.size} with ${chunks}`
  yield { check: 'counts', place: stats.location, message, sources: [] }
  for (const id of await findStrange(check, ids)) {
    yield { check: 'counts', place: id, message: 'there are chunks of it, and it is not listed', sources: [id] }
  }
}
