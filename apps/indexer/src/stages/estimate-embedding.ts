import type { Embedder } from '@quern/core'
import type { PlanReport } from '@quern/pipeline'

/**
 * How long embedding will take, in milliseconds: a sample of the texts is embedded on this machine, and its time scaled by
 * tokens. 0 when there is nothing to embed.
 */
export async function estimateEmbedding(
  embedder: Embedder,
  { sample, tokensToEmbed }: Pick<PlanReport, 'sample' | 'tokensToEmbed'>,
  signal: AbortSignal,
): Promise<number> {
  if (sample.length === 0) return 0
  await embedder.load({ signal })
  const sampleTokens = sample.reduce((sum, text) => sum + embedder.countTokens(text), 0)
  // The first text pays for what is allocated once.
  await Array.fromAsync(embedder.embedDocuments(sample.slice(0, 1), { signal }))
  const startedAt = performance.now()
  await Array.fromAsync(embedder.embedDocuments(sample, { signal }))
  return Math.round(((performance.now() - startedAt) * tokensToEmbed) / sampleTokens)
}
