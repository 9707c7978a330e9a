import type { AnnouncedFile } from './announced-file.ts'
import type { PullProgress } from './download-file.ts'
import type { PullTarget } from './pull-errors.ts'

/** How models are fetched, whatever they are. */
export interface PullSettings {
  /** Absolute path of the folder for models; made where it does not exist. */
  readonly folder: string
  /** Called for every piece that arrives, so often. */
  readonly onProgress?: (progress: PullProgress) => void
  readonly signal?: AbortSignal | undefined
  /** Where `hf:` URIs and names on the hub lead: a mirror of Hugging Face. Default: Hugging Face itself. */
  readonly endpoint?: string | undefined
  /** Attempts in a row that bring nothing before it is given up. Default 5. */
  readonly attempts?: number
  /** Milliseconds before the second attempt; each further one waits twice as long. Default 500. */
  readonly retryDelay?: number
  /** Milliseconds without a byte after which an attempt is given up. Default 30,000. */
  readonly stallTimeout?: number
}

/** Something on a server that is being fetched, and how patiently. */
export interface PullRequest extends PullTarget {
  readonly settings: Pick<PullSettings, 'attempts' | 'retryDelay' | 'stallTimeout'>
  readonly signal: AbortSignal
}

/** A file that is being fetched. */
export interface FilePull extends PullRequest {
  /** Where the file is to lie; what has arrived of it lies beside. */
  readonly path: string
  /** SHA-256 that the file must have, in hex; undefined where that is not known beforehand. */
  readonly sha256: string | undefined
  /** About how large the file is, for the progress until the server has said so. */
  readonly bytes: number | undefined
  /** What the server has said of the file; undefined: it is asked. */
  readonly announced: AnnouncedFile | undefined
  readonly onProgress: ((progress: PullProgress) => void) | undefined
  /** Rejects with a `ContentError` when the file at a path is none of its kind. */
  readonly checkContent: (path: string) => Promise<void>
}

/** A file that has been fetched. */
export interface PulledFile {
  readonly path: string
  readonly bytes: number
  /** SHA-256 of the file, in hex. */
  readonly sha256: string
  /** Against what the file was checked: a hash that was known, one that the server announced, or nothing. */
  readonly checkedAgainst: 'given' | 'announced' | 'nothing'
}

/** Thrown for a file that is none of its kind; the message completes "it …". */
export class ContentError extends Error {
  override readonly name = 'ContentError'
}
