import { getLlama, LlamaLogLevel } from 'node-llama-cpp'

/** A model as the adapters of the peers use node-llama-cpp: one text after the other, default options. */
export interface PlainModel {
  readonly maxTokens: number
  embed(text: string): Promise<number[]>
  /** Texts given so far, and those of them that had to be cut. */
  readonly counts: { embedded: number; cut: number }
}

/**
 * Loads a model. A text that is too long is cut at the window, for node-llama-cpp refuses it and the peers that count characters would end there; the cut ones
 * are counted.
 */
export async function loadPlainModel(modelPath: string): Promise<PlainModel> {
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, logLevel: LlamaLogLevel.error })
  const model = await llama.loadModel({ modelPath })
  const context = await model.createEmbeddingContext()
  const counts = { embedded: 0, cut: 0 }
  // Three fewer than the window: special tokens.
  const maxTokens = model.trainContextSize - 3
  return {
    maxTokens,
    counts,
    async embed(text) {
      const tokens = model.tokenize(text)
      counts.embedded++
      if (tokens.length > maxTokens) counts.cut++
      const { vector } = await context.getEmbeddingFor(tokens.slice(0, maxTokens))
      return [...vector]
    },
  }
}
