import { isQuernError } from '@quern/core'
import type { EmbeddingSpace, VectorStore } from '@quern/core'
import { formatBytes, formatQuantity } from '../report/format.ts'
import { nameCommands } from '../next-command.ts'
import type { Check } from './check.ts'

/** What a store is checked against. */
export interface StoreToCheck {
  /** Opens it for reading. */
  readonly open: () => Promise<VectorStore>
  readonly place: string
  /** That of the configured model; undefined where there is none to compare with. */
  readonly space: EmbeddingSpace | undefined
  readonly programName: string
}

/** Opens the store, and says whether it is one of the configured model. What it holds is not read: that is what `verify` does. */
export async function checkStore({ open, place, space, programName }: StoreToCheck): Promise<Check> {
  const name = 'store'
  try {
    await using store = await open()
    const { type, sources, chunks, bytes } = await store.stats()
    const holds = `${type} in ${place}: ${formatQuantity(sources, 'source')}, ${formatQuantity(chunks, 'chunk')}, ${formatBytes(bytes)}`
    if (space === undefined || space.fingerprint === store.space.fingerprint)
      return { name, level: 'ok', message: holds }
    return {
      name,
      level: 'fail',
      message: `${holds}; its vectors are of ${store.space.model}, and the configured model is ${space.model}`,
      fix: `To bring the store to the configured model: ${programName} reembed. To go on with that of the store, name it with --model.`,
    }
  } catch (error) {
    if (isQuernError(error, 'STORE_NOT_FOUND')) {
      return { name, level: 'ok', message: `none yet in ${place}: the first run makes it` }
    }
    if (!isQuernError(error)) throw error
    const hint = error.hint === undefined ? undefined : nameCommands(error.hint, programName)
    const mended = error.code === 'STORE_CORRUPT' ? `${programName} verify --repair` : hint
    return { name, level: 'fail', message: error.message, ...(mended === undefined ? {} : { fix: mended }) }
  }
}
