import type { ChunkingStrategy } from '@quern/chunker'
import type { LlamaEmbedderOptions, OnnxHubName } from '@quern/embedder'
import type { FileLoaderOptions, Reader, RecordRule } from '@quern/loader'
import type { JsonStoreOptions } from '@quern/store-json'
import type { Durability, FilterableType } from '@quern/store-lancedb'

/** A file or folder to index. */
export interface ConfiguredRoot {
  /** Absolute. */
  readonly path: string
  /** Undefined: the folder's own name. */
  readonly name: string | undefined
  /** Paths in the folder, with `/`: only these are meant. Absent: all of it. */
  readonly only?: readonly string[]
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
  /** Absolute path; where nothing is there, `hubName` is meant. */
  readonly folder: string
  /** Undefined: what was given is no name on a hub. */
  readonly hubName: OnnxHubName | undefined
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

/** A store of JSON files. */
interface JsonStoreConfig {
  readonly type: 'json'
  /** Absolute path of a folder. */
  readonly path: string
  readonly settings: Pick<JsonStoreOptions, 'layout' | 'encoding' | 'compression'>
}

/** Settings of a store in LanceDB. */
interface LanceSettings {
  /** Of the object storage; without secrets, which come from the environment. */
  readonly storageOptions?: Readonly<Record<string, string>> | undefined
  /** Keys of the metadata that get a column, with their types. */
  readonly filterable?: Readonly<Record<string, FilterableType>> | undefined
  readonly durability?: Durability | undefined
}

/** A store in LanceDB. */
export interface LanceStoreConfig {
  readonly type: 'lancedb'
  /** Absolute path of a folder, or an address (`s3://…`, `db://…`). */
  readonly path: string
  readonly settings: LanceSettings
}

/** Where the vectors are kept. */
export type StoreConfig = JsonStoreConfig | LanceStoreConfig

/** Everything that a command needs to know, checked, with all paths absolute. `undefined` leaves the choice to the stage. */
export interface ResolvedConfig {
  /** The configuration file, if there is one. */
  readonly file: string | undefined
  /** Absolute folder of the configuration file; without one, the working folder. */
  readonly folder: string
  readonly sources: readonly ConfiguredRoot[]
  /** Whether the sources are those of the file: false where the command line names paths. */
  readonly sourcesAreConfigured: boolean
  readonly include: readonly string[] | undefined
  readonly exclude: readonly string[] | undefined
  readonly ignoreFiles: boolean
  readonly hidden: boolean
  readonly symlinks: FileLoaderOptions['symlinks']
  readonly records: readonly RecordRule[]
  readonly readers: readonly Reader[]
  readonly maxFileBytes: number | undefined
  readonly loadTimeoutMs: number | undefined
  readonly model: ConfiguredModel
  readonly store: StoreConfig
  readonly chunking: {
    readonly targetTokens: number | undefined
    readonly overlapTokens: number | undefined
    readonly strategy: ChunkingStrategy | undefined
  }
  readonly embedding: {
    readonly concurrency: number | undefined
    readonly gpu: LlamaEmbedderOptions['gpu'] | undefined
    readonly vectorCache: boolean
  }
}
