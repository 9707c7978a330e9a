import type { LlamaEmbedderOptions } from '@quern/embedder'

/** A file or folder to index. */
export interface ConfiguredRoot {
  /** Absolute. */
  readonly path: string
  /** Undefined: the folder's own name. */
  readonly name: string | undefined
}

interface ModelSettings {
  readonly queryPrefix: string | undefined
  readonly documentPrefix: string | undefined
  readonly maxTokens: number | undefined
}

/** A model for llama.cpp. */
export interface LlamaModelConfig extends ModelSettings {
  readonly engine: 'llama'
  /** Absolute path of a model file, or a name, for instance `starter`. */
  readonly path: string
  readonly name: string | undefined
}

/** A model for ONNX Runtime. */
export interface OnnxModelConfig extends ModelSettings {
  readonly engine: 'onnx'
  /** Absolute path. */
  readonly folder: string
  readonly name: string | undefined
  readonly pooling: 'mean' | 'cls' | undefined
}

/** A model behind an OpenAI-compatible endpoint. */
export interface HttpModelConfig extends ModelSettings {
  readonly engine: 'http'
  readonly endpoint: string
  /** As the endpoint knows it. */
  readonly name: string
  readonly dimensions: number
}

/** The model that embeds. */
export type ConfiguredModel = LlamaModelConfig | OnnxModelConfig | HttpModelConfig

/** Everything that a command needs to know, checked, with all paths absolute. `undefined` leaves the choice to the stage. */
export interface ResolvedConfig {
  /** The configuration file, if there is one. */
  readonly file: string | undefined
  readonly sources: readonly ConfiguredRoot[]
  readonly include: readonly string[] | undefined
  readonly exclude: readonly string[] | undefined
  readonly ignoreFiles: boolean
  readonly maxFileBytes: number | undefined
  readonly loadTimeoutMs: number | undefined
  readonly model: ConfiguredModel
  readonly store: { readonly type: 'json'; readonly path: string }
  readonly chunking: { readonly targetTokens: number | undefined; readonly overlapTokens: number | undefined }
  readonly embedding: {
    readonly concurrency: number | undefined
    readonly gpu: LlamaEmbedderOptions['gpu'] | undefined
  }
}
