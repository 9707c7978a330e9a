import { join } from 'node:path'
import { modelFileSize } from '@quern/embedder'
import type { CommandContext } from '../command-context.ts'
import { modelFolderOf } from '../commands/pull-known-model.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'

/** The cache of vectors that all stores of this user share. */
export interface VectorCacheFile {
  readonly path: string
  /** Whether the configuration uses it. */
  readonly enabled: boolean
  /** On disk; 0 where there is none. */
  readonly bytes: number
}

/** Path of the cache of vectors. */
export function vectorCachePath(context: CommandContext): string {
  return join(modelFolderOf(context), 'vectors.sqlite')
}

/** How large the cache of vectors is, and whether it is used. Does not open it. */
export async function inspectVectorCache(config: ResolvedConfig, context: CommandContext): Promise<VectorCacheFile> {
  const path = vectorCachePath(context)
  const sizes = await Promise.all(['', '-wal'].map((ending) => modelFileSize(path + ending)))
  return {
    path,
    enabled: config.embedding.vectorCache,
    bytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
  }
}
