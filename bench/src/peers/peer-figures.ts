/** One run of a peer over the corpus. */
export interface PeerRun {
  readonly seconds: number
  /** Texts that the model was given. */
  readonly embedded: number
}

/** What a peer did with the corpus. */
export interface PeerFigures {
  readonly first: PeerRun
  readonly unchanged: PeerRun
  readonly changed: PeerRun
  /** Chunks that it holds in the end. */
  readonly chunks: number
  /** Texts that were longer than the model takes, and cut for it. */
  readonly cut: number
  /** Median seconds of a search for ten, the embedding of the question included. */
  readonly search: number
  /** Whether the vectors outlive the process. */
  readonly isKept: boolean
}

/** What a peer gave, or why there is nothing. */
export type PeerOutcome = (PeerFigures & { readonly peakBytes: number }) | { readonly reason: string }

/** All peers on the same corpus and model file. */
export interface PeersFigures {
  readonly model: string
  readonly files: number
  readonly bytes: number
  readonly changedFiles: number
  readonly questions: number
  /** By the name of the column. */
  readonly peers: Readonly<Record<string, PeerOutcome>>
}
