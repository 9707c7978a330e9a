import type { KnownModel } from '@quern/embedder'

/**
 * The limit of a text's tokens for a known model that is meant for fewer than its file takes; undefined where the file's own limit is
 * right.
 */
export function tokensOfKnown(known: KnownModel | undefined): number | undefined {
  // One less: llama.cpp's contexts keep a place free, and some conversions have no more places than the model is meant for.
  return known?.fileTokens === undefined ? undefined : known.maxTokens - 1
}
