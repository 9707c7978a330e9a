import { isQuernError, QuernError } from '@quern/core'
import type { EmbeddingSpace, VectorStore } from '@quern/core'
import { openJsonStore } from '@quern/store-json'
import { defaultStorePath } from '../config/resolve-store.ts'
import type { ResolvedConfig, StoreConfig } from '../config/resolved-config.ts'
import { quoteForShell } from '../next-command.ts'
import { openLanceStore } from './open-lance-store.ts'
import { findOtherStore } from './find-other-store.ts'
import { mismatchHint } from './mismatch-hint.ts'
import { storeTypeAt } from './store-type-at.ts'

/** How a store is opened. */
export interface OpenStoreOptions {
  /** `write` creates the store where there is none, and needs the space. */
  readonly mode: 'read' | 'write'
  readonly space?: EmbeddingSpace
  /** How long to wait for another writer. Default 0. */
  readonly waitSeconds?: number
  readonly signal?: AbortSignal
}

const names: Readonly<Record<StoreConfig['type'], string>> = { json: 'JSON', lancedb: 'LanceDB' }

/** Rejects with `CONFIG_INVALID` where a store of another type lies at the place. */
async function refuseOtherType({ type, path }: StoreConfig): Promise<void> {
  const found = await storeTypeAt(path)
  if (found === undefined || found === type) return
  throw new QuernError(
    'CONFIG_INVALID',
    `${path} holds a ${names[found]} store (type ${found}), and the configuration asks for type ${type}`,
    {
      hint: `Go on with it: store type ${found}. Or bring it to the other type, without embedding: indexer copy --from ${found}:${path} --to ${type}:<new folder>, then name that folder.`,
      details: { path, found, configured: type },
    },
  )
}

/** A store. Rejects with `CONFIG_INVALID` where one of another type lies at its place, and as the store does. */
export async function openStoreAt(store: StoreConfig, options: OpenStoreOptions): Promise<VectorStore> {
  await refuseOtherType(store)
  return store.type === 'json'
    ? openJsonStore({ path: store.path, ...store.settings, ...options })
    : openLanceStore(store, options)
}

/** How a store at the default place of the other type is meant in place of the configured one. */
function optionsFor(other: StoreConfig, { store, folder }: ResolvedConfig): string {
  const isDefault = store.path === defaultStorePath(store.type, folder)
  return isDefault ? `--store ${other.type}` : `--store ${other.type} --store-path ${quoteForShell(other.path)}`
}

/** An error with a hint that fits what was configured; the same one where there is nothing better to say. */
async function withBetterHint(error: unknown, config: ResolvedConfig): Promise<unknown> {
  if (isQuernError(error, 'STORE_SPACE_MISMATCH')) {
    const { stored, wanted } = error.details as { readonly stored?: EmbeddingSpace; readonly wanted?: EmbeddingSpace }
    if (stored === undefined || stored.model === wanted?.model) return error
    const { code, message, details } = error
    return new QuernError(code, message, { hint: mismatchHint(stored.model), details, cause: error })
  }
  const other = isQuernError(error, 'STORE_NOT_FOUND') ? await findOtherStore(config) : undefined
  if (!isQuernError(error) || other === undefined) return error
  return new QuernError(error.code, `${error.message}; there is one of type ${other.type} at ${other.path}`, {
    hint: `Bring it over, without embedding: indexer copy --from ${other.type}. Or use it: ${optionsFor(other, config)}`,
    details: error.details,
    cause: error,
  })
}

/**
 * The configured store. Where there is none to read, and one of another type lies beside it, the error says how to bring it over; where
 * it holds vectors of another model, how to come by one of the configured model.
 */
export async function openStore(config: ResolvedConfig, options: OpenStoreOptions): Promise<VectorStore> {
  try {
    return await openStoreAt(config.store, options)
  } catch (error) {
    throw await withBetterHint(error, config)
  }
}
