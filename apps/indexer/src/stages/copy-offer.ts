import { isQuernError } from '@quern/core'
import type { EmbeddingSpace } from '@quern/core'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import { formatQuantity } from '../report/format.ts'
import { findOtherStore } from './find-other-store.ts'
import { openStoreAt } from './open-store.ts'

/**
 * What to say where a run begins with a new store, and one of another type with vectors of the same model lies beside it: that they can
 * be brought over in place of being computed again. Undefined where there is none.
 */
export async function copyOffer(
  config: ResolvedConfig,
  space: EmbeddingSpace,
  programName: string,
): Promise<string | undefined> {
  const other = await findOtherStore(config)
  if (other === undefined) return undefined
  try {
    await using store = await openStoreAt(other, { mode: 'read' })
    const { chunks } = await store.stats()
    if (store.space.fingerprint !== space.fingerprint || chunks === 0) return undefined
    const amount = formatQuantity(chunks, 'chunk')
    return `the store is new, and ${other.path} (${other.type}) has ${amount} of the same model; to bring them over in place of embedding again, stop and run: ${programName} copy --from ${other.type}`
  } catch (error) {
    // A store that cannot be read has nothing to offer; this run does not need it.
    if (!isQuernError(error)) throw error
    return undefined
  }
}
