import { isQuernError } from '@quern/core'
import type { Embedder, VectorStore } from '@quern/core'
import { createEmit } from '../emit.ts'
import type { Emit } from '../emit.ts'
import { requireSameSpace } from '../same-space.ts'
import { createSpreadSample } from '../spread-sample.ts'
import { checkSources } from './check-sources.ts'
import type { VerifyProgress } from './check-sources.ts'
import { compareSamples } from './compare-samples.ts'
import type { SampledChunk } from './compare-samples.ts'
import type { StoreFinding, VerifyEvent, VerifyListener } from './store-finding.ts'

/** What is verified, and how thoroughly. */
export interface VerifyStoreOptions {
  readonly store: VectorStore
  /** Embeds samples anew; without it none are. Of the store's space. */
  readonly embedder?: Embedder | undefined
  /** How many chunks to embed anew, spread over the store. Default 20. */
  readonly samples?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: VerifyListener | undefined
}

const defaultSamples = 20

/** What the steps of one verification share. */
interface Verification {
  readonly options: VerifyStoreOptions
  /** Sources of which a fault has been told. */
  readonly told: Set<string>
  readonly progress: VerifyProgress
  readonly emit: Emit<VerifyEvent>
}

/** At most `count` of the items, evenly spread. */
function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)] as T)
}

/** The findings of a step; one that damage keeps from going on ends with that as its last finding. */
async function* untilCorrupt(findings: AsyncIterable<StoreFinding>, location: string): AsyncGenerator<StoreFinding> {
  try {
    yield* findings
  } catch (error) {
    if (!isQuernError(error, 'STORE_CORRUPT')) throw error
    yield { check: 'stored', place: location, message: error.message, sources: [] }
  }
}

async function* checkStored({ options, told }: Verification): AsyncGenerator<StoreFinding> {
  const { store, signal } = options
  for await (const fault of store.verify({ signal })) {
    for (const id of fault.sources) told.add(id)
    yield { check: 'stored', ...fault }
  }
}

async function* checkSamples(
  chunks: readonly SampledChunk[],
  { options, progress, emit }: Verification,
): AsyncGenerator<StoreFinding> {
  const { embedder, samples = defaultSamples, signal } = options
  const chosen = spread(chunks, samples)
  if (embedder === undefined || chosen.length === 0) return
  emit({ type: 'verify-stage', stage: 'samples' })
  const onCompared = (compared: number): void => {
    emit({ type: 'samples-compared', compared, toCompare: chosen.length })
  }
  yield* compareSamples(chosen, { embedder, signal, onCompared })
  progress.samples = chosen.length
}

async function* verifyAll(verification: Verification, location: string): AsyncGenerator<StoreFinding> {
  const { options, emit } = verification
  const { store, embedder, samples = defaultSamples, signal } = options
  emit({ type: 'verify-stage', stage: 'stored' })
  yield* untilCorrupt(checkStored(verification), location)
  emit({ type: 'verify-stage', stage: 'sources' })
  // Twice as many are collected, so that as many as are wanted remain however often the sample is thinned.
  const sample = createSpreadSample<SampledChunk>(embedder === undefined ? 0 : 2 * samples)
  yield* untilCorrupt(checkSources({ ...verification, store, sample, signal }), location)
  yield* checkSamples(sample.items(), verification)
}

/**
 * Looks for everything in a store that is not as it must be, and yields it: what the store itself finds (`VectorStore.verify`); then, source by
 * source, what every store has to keep: number, order, ids and hashes of the chunks, length of the vectors; then the counts; then, with an
 * embedder, whether the vectors of a sample are those of their texts. Of a sound store it yields nothing. Changes nothing.
 *
 * Memory is bounded by a source, the ids of all sources and the sample. Rejects with `STORE_SPACE_MISMATCH` for an embedder of another space,
 * with the embedder's errors, with the reason of the signal, and as the store does for anything but damage.
 */
export async function* verifyStore(options: VerifyStoreOptions): AsyncGenerator<StoreFinding, void, undefined> {
  const { store, embedder } = options
  const startedAt = performance.now()
  const emit = createEmit<VerifyEvent>(options.onEvent)
  if (embedder !== undefined) await requireSameSpace(store, embedder)
  const { sources, chunks, location } = await store.stats()
  emit({ type: 'verify-started', sources, chunks })
  const progress: VerifyProgress = { sources: 0, chunks: 0, samples: 0, findings: 0 }
  for await (const finding of verifyAll({ options, told: new Set(), progress, emit }, location)) {
    progress.findings++
    yield finding
  }
  emit({ type: 'verify-finished', ...progress, durationMs: Math.round(performance.now() - startedAt) })
}
