import { QuernError } from '@quern/core'
import type { CallOptions, ReusableVector, VectorStore } from '@quern/core'
import { createFreshCopies } from './fresh-copies.ts'

/** What a run is told of embedding known texts anew. */
export interface RefreshOptions {
  /** ISO 8601: texts whose vector was computed before that moment are embedded anew, and not used again. Default: none. */
  readonly refreshBefore?: string | undefined
  /** Every listed source is loaded and split anew, and every text of it embedded anew. Default false. */
  readonly rebuild?: boolean | undefined
}

/** Which of the known vectors a run does not use again, and which stored sources it therefore loads. */
export interface Refresh {
  readonly isStale: (vector: Pick<ReusableVector, 'createdAt'>) => boolean
  readonly concerns: (sourceId: string) => boolean
  /** Vectors that are used again, of texts of which the store gives one that is not. */
  readonly findFresh: (textHashes: readonly string[]) => Promise<ReadonlyMap<string, ReusableVector>>
}

function momentOf({ refreshBefore = '', rebuild }: RefreshOptions): number {
  if (rebuild === true) return Date.now()
  const moment = Date.parse(refreshBefore)
  // A moment to come would make old what this run embeds.
  if (!Number.isNaN(moment)) return Math.min(moment, Date.now())
  throw new QuernError('OPTION_INVALID', `the moment before which texts are embedded anew is "${refreshBefore}"`, {
    hint: 'Give a date, or date and time, in ISO 8601: 2026-11-01 or 2026-11-01T08:30:00Z.',
  })
}

/**
 * What the options mean for a store; undefined where nothing is to be embedded anew. Reads the chunks of the store, unless all are
 * meant; twice where only some are stale. Throws `OPTION_INVALID` for a moment that is none.
 */
export async function findRefresh(
  store: VectorStore,
  options: RefreshOptions & CallOptions,
): Promise<Refresh | undefined> {
  const { refreshBefore, rebuild, signal } = options
  if (refreshBefore === undefined && rebuild !== true) return undefined
  const moment = momentOf(options)
  const isStale: Refresh['isStale'] = ({ createdAt }) => Date.parse(createdAt) < moment
  if (rebuild === true) return { isStale, concerns: () => true, findFresh: async () => new Map() }
  const sources = new Set<string>()
  const copies = createFreshCopies({ store, isStale, signal })
  let fresh = 0
  for await (const { createdAt, textHash, metadata } of store.getChunks({ signal })) {
    if (isStale({ createdAt })) {
      sources.add(metadata.source)
      copies.addStale(textHash)
    } else fresh++
  }
  if (sources.size > 0 && fresh > 0) await copies.locate()
  return { isStale, concerns: (id) => sources.has(id), findFresh: (textHashes) => copies.find(textHashes) }
}
