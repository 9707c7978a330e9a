/** Where a fact about a model was read. */
export interface FactSource {
  /** For instance `model card of BAAI/bge-m3`. */
  readonly source: string
  /** Whether the fact was read there (of a card: in a stored copy). False: from memory or concluded from others; check before relying on it. */
  readonly confirmed: boolean
}

/** Facts of a known model, in groups that share a source. */
export interface FactSources {
  /** That the file of `uri` is there. */
  readonly file: FactSource
  /** `dimensions` and `maxTokens`. */
  readonly shape: FactSource
  readonly pooling: FactSource
  /** `queryPrefix` and `documentPrefix`, also where there are none. */
  readonly prefixes: FactSource
  readonly licence: FactSource
}

/**
 * A well-known embedding model and a GGUF file of it. The file's own header and not this entry decides on dimensions, tokens and
 * pooling; the prefixes stand in no file.
 */
export interface KnownModel {
  /** In lower case, as its makers write it otherwise: `bge-small-en-v1.5`. */
  readonly name: string
  /** Other names, in lower case. */
  readonly aliases: readonly string[]
  /** `hf:<owner>/<repository>/<file>.gguf`, as node-llama-cpp writes it. */
  readonly uri: string
  /** About how large the file is, in bytes. */
  readonly bytes: number
  /** SHA-256 of the file in hex; undefined where it is not known: then the server's own word is taken. */
  readonly sha256: string | undefined
  /** Numbers in a vector. */
  readonly dimensions: number
  /** Most tokens of a text, special tokens included, that the model is meant for. */
  readonly maxTokens: number
  /** Most tokens that its file takes, where those are more than `maxTokens`: longer texts are embedded, but not well. */
  readonly fileTokens?: number
  readonly pooling: 'mean' | 'cls' | 'last'
  /** True for a model with layers after the pooling, which its GGUF file has, but not every ONNX file of it. */
  readonly hasHead?: boolean
  /** Put in front of every query; may be empty. */
  readonly queryPrefix: string
  /** Put in front of every text that is indexed; may be empty. */
  readonly documentPrefix: string
  /** For instance `English`, or `100 languages`. */
  readonly languages: string
  /** SPDX identifier, or the licence's name. */
  readonly licence: string
  /** A sentence on what to mind. */
  readonly note?: string
  readonly sources: FactSources
}
