import type { PullProgress } from './download-file.ts'
import type { PullTarget } from './pull-errors.ts'

/** What `pullModel` needs to know. */
export interface PullModelOptions {
  /** `hf:<owner>/<repository>/<file>.gguf`, or the http(s) address of a .gguf file. */
  readonly uri: string
  /** Absolute path of the folder for models; made where it does not exist. */
  readonly folder: string
  /** SHA-256 that the file must have, in hex. Default: what the server announces, if it does. */
  readonly sha256?: string | undefined
  /** About how large the file is, for the progress until the server has said so. */
  readonly bytes?: number | undefined
  /** Called for every piece that arrives, so often. */
  readonly onProgress?: (progress: PullProgress) => void
  readonly signal?: AbortSignal | undefined
  /** Where `hf:` URIs lead: a mirror of Hugging Face. Default: Hugging Face itself. */
  readonly endpoint?: string | undefined
  /** Attempts in a row that bring nothing before it is given up. Default 5. */
  readonly attempts?: number
  /** Milliseconds before the second attempt; each further one waits twice as long. Default 500. */
  readonly retryDelay?: number
  /** Milliseconds without a byte after which an attempt is given up. Default 30,000. */
  readonly stallTimeout?: number
}

/** A model file that is there. */
export interface PulledModel {
  readonly path: string
  readonly bytes: number
  /** SHA-256 of the file, in hex. */
  readonly sha256: string
  /** False: it was there before, and nothing was downloaded. */
  readonly downloaded: boolean
  /** Against what the file was checked: the caller's `sha256`, what the server announced, or nothing. */
  readonly checkedAgainst: 'given' | 'announced' | 'nothing'
}

/** One call of `pullModel`. */
export interface Pull extends PullTarget {
  readonly options: PullModelOptions
  readonly signal: AbortSignal
}
