import type { KnownVector, SelfTestMode } from '@quern/core'

/** How one vector is made from those of the tokens: their mean, or that of the first one. */
export type OnnxPooling = 'mean' | 'cls'

/** What `openOnnxEmbedder` needs to know. */
export interface OnnxEmbedderOptions {
  /**
   * Path of a folder with `config.json`, `tokenizer.json`, `tokenizer_config.json` and a model in ONNX format, laid out as for
   * transformers.js. Nothing is downloaded.
   */
  readonly modelFolder: string
  /** Name of the model, for people. Default: the folder's name. */
  readonly model?: string
  /**
   * Path of the ONNX file within the folder. Default: the first there is of `model_quantized.onnx`, `model.onnx` and the same two in
   * `onnx/`, or else the only `model*.onnx` in either place.
   */
  readonly file?: string
  /** Default: what `modules.json` and `1_Pooling/config.json` in the folder say; needed where they are missing. Part of the fingerprint. */
  readonly pooling?: OnnxPooling
  /** Put in front of every query, for instance `query: `. Default: nothing. */
  readonly queryPrefix?: string
  /** Put in front of every text that is indexed, for instance `passage: `. Part of the fingerprint. Default: nothing. */
  readonly documentPrefix?: string
  /**
   * Most tokens of one text, special tokens and prefix included. Upper limit: what the folder says that the model was trained for.
   * Default: the same, but at most 2048, since memory grows with its square; needed where the folder says nothing.
   */
  readonly maxTokens?: number
  /** Threads that work on a text. Default: one for each processor, at most 16. */
  readonly threads?: number
  /**
   * How much the model is tested when it is loaded and before its first document: `quick` (default), `full`, which takes its time over
   * texts of full length, or `off`. A model that fails is refused with `MODEL_INVALID`.
   */
  readonly selfTest?: SelfTestMode
  /** Vectors that the model is known to give, without prefix, to some texts: compared when it is loaded. Default: none. */
  readonly knownVectors?: readonly KnownVector[]
  /**
   * Folder in which the vectors of known texts are remembered for the self-test, by fingerprint: a later version of ONNX Runtime that
   * gives others is found. Default: none.
   */
  readonly selfTestFolder?: string
}
