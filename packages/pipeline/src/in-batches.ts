/** Most sources of one commit that only touches or deletes. */
const batchSources = 1000

/** Sources, or what stands for them, in the parts of one commit each. Throws the signal's reason when it is aborted before one of them. */
export function* inBatches<T>(items: readonly T[], signal: AbortSignal | undefined): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += batchSources) {
    signal?.throwIfAborted()
    yield items.slice(start, start + batchSources)
  }
}
