import { QuernError, sha256 } from '@quern/core'
import type { CallOptions, ListingEntry, Loader } from '@quern/core'

/** One of several equal parts of a corpus. */
export interface Shard {
  /** From 1. */
  readonly index: number
  readonly count: number
}

function checkShard({ index, count }: Shard): void {
  const sound = Number.isSafeInteger(index) && Number.isSafeInteger(count) && index >= 1 && index <= count
  if (sound) return
  throw new QuernError('OPTION_INVALID', `there is no shard ${index} of ${count}`, {
    hint: 'Shards are counted from 1: 1/4, 2/4, 3/4, 4/4.',
  })
}

/** Number of the shard, from 0, that a source belongs to: the first four bytes of the SHA-256 of its id, modulo the count. */
function shardOf(id: string, count: number): number {
  return Number.parseInt(sha256(id).slice(0, 8), 16) % count
}

/**
 * A loader of those sources of `loader` that belong to one shard, by a hash of their ids: the shards of a corpus have no source in common, and
 * all of them together have every source, whoever lists them and when. Stored sources of other shards are not covered, so a run leaves them
 * alone. What is skipped is told in every shard, since it protects what is stored under it. Throws `OPTION_INVALID`.
 */
export function shardLoader(loader: Loader, shard: Shard): Loader {
  checkShard(shard)
  const { index, count } = shard
  const isOwn = (id: string): boolean => shardOf(id, count) === index - 1
  return {
    async *list(options?: CallOptions): AsyncGenerator<ListingEntry> {
      for await (const entry of loader.list(options)) {
        if (entry.type === 'skipped' || isOwn(entry.source.id)) yield entry
      }
    },
    covers: (id) => isOwn(id) && loader.covers(id),
  }
}
