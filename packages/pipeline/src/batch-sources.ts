import type { Source } from '@quern/core'
import type { BatchLimit } from './batch-limit.ts'
import type { FailedSource, PreparedSource } from './prepare-source.ts'

/** Sources that are embedded and committed together. */
export interface SourceBatch {
  readonly prepared: readonly PreparedSource[]
  readonly failed: readonly FailedSource[]
}

/** Groups sources into batches, in order, preparing each only when the batch is asked for. */
export async function* batchSources(
  sources: Iterable<Source>,
  prepare: (source: Source) => Promise<PreparedSource | FailedSource>,
  limit: BatchLimit,
): AsyncGenerator<SourceBatch, void, undefined> {
  let prepared: PreparedSource[] = []
  let failed: FailedSource[] = []
  let chunks = 0
  let characters = 0
  let isFull = limit.begin()
  for (const source of sources) {
    const result = await prepare(source)
    if ('error' in result) failed.push(result)
    else {
      prepared.push(result)
      chunks += result.chunks.length
      characters += result.size
    }
    if (!isFull({ sources: prepared.length + failed.length, chunks, characters })) continue
    yield { prepared, failed }
    prepared = []
    failed = []
    chunks = 0
    characters = 0
    isFull = limit.begin()
  }
  if (prepared.length + failed.length > 0) yield { prepared, failed }
}
