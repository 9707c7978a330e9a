import type { PulledFile, PullSettings } from './file-pull.ts'

/** What `pullModel` needs to know. */
export interface PullModelOptions extends PullSettings {
  /** `hf:<owner>/<repository>/<file>.gguf`, or the http(s) address of a .gguf file. */
  readonly uri: string
  /** SHA-256 that the file must have, in hex. Default: what the server announces, if it does. */
  readonly sha256?: string | undefined
  /** About how large the file is, for the progress until the server has said so. */
  readonly bytes?: number | undefined
}

/** A model file that is there. */
export interface PulledModel extends PulledFile {
  /** False: it was there before, and nothing was downloaded. */
  readonly downloaded: boolean
}
