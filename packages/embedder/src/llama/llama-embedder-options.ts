/** What `openLlamaEmbedder` needs to know. */
export interface LlamaEmbedderOptions {
  /** Path of an embedding model in GGUF format. */
  readonly modelPath: string
  /** Name of the model, for people. Default: the file's name without `.gguf`. */
  readonly model?: string
  /** Put in front of every query, for instance `Represent this sentence for searching relevant passages: `. Default: nothing. */
  readonly queryPrefix?: string
  /** Put in front of every text that is indexed, for instance `search_document: `. Part of the fingerprint. Default: nothing. */
  readonly documentPrefix?: string
  /**
   * Most tokens of one text, special tokens and prefix included. Default and upper limit: what the model was trained for, less
   * one; the default is at most 2047, since memory grows with it.
   */
  readonly maxTokens?: number
  /** Texts that are embedded at the same time, each by one thread. Default: one for each processor, at most 16. */
  readonly concurrency?: number
  /** Where the model runs: `off` is the processor alone (default), `auto` the best of what is there. */
  readonly gpu?: 'auto' | 'off' | 'cuda' | 'metal' | 'vulkan'
}
