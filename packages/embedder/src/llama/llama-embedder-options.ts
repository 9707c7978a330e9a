import type { KnownVector, SelfTestMode } from '@quern/core'

/** A text that did not fit and was embedded all the same, as `overlong` says. */
export interface OverlongText {
  /** Position in the input of `embedDocuments`; absent for a query. */
  readonly index?: number
  /** Tokens of the whole text, special tokens and prefix included. */
  readonly tokens: number
  readonly maxTokens: number
}

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
  /**
   * What is done with a text of more than `maxTokens`: `error` refuses it (default); `truncate` embeds its beginning; `split-and-mean`
   * embeds it in pieces and takes the mean of their vectors, weighted by tokens. Part of the fingerprint unless `error`.
   */
  readonly overlong?: 'error' | 'truncate' | 'split-and-mean'
  /** Told of each text that was truncated or split. What it throws fails the text. */
  readonly onOverlong?: (text: OverlongText) => void
  /**
   * Folder in which the hashes of large model files are remembered, by inode, size and modification time in nanoseconds, and the
   * vectors of known texts, by fingerprint, for the self-test; and marked that a model is being loaded, so that one at which llama.cpp
   * ended the process is refused the next time. Default: none, the file is hashed at each opening.
   */
  readonly hashCacheFolder?: string
  /**
   * How much the model is tested when it is loaded and before its first document: `quick` (default), `full`, which takes its time over
   * texts of full length, or `off`. A model that fails is refused with `MODEL_INVALID`.
   */
  readonly selfTest?: SelfTestMode
  /** Vectors that the model is known to give, without prefix, to some texts: compared when it is loaded. Default: none. */
  readonly knownVectors?: readonly KnownVector[]
  /** Ends the opening. */
  readonly signal?: AbortSignal
  /** Texts that are embedded at the same time, each by one thread. Default: one for each processor, at most 16. */
  readonly concurrency?: number
  /**
   * Where the model runs: `auto` is the best device that node-llama-cpp has a prebuilt binary for here (default), `off` the processor
   * alone. Nothing is compiled or downloaded.
   */
  readonly gpu?: 'auto' | 'off' | 'cuda' | 'metal' | 'vulkan'
}
