/** A chunk on the map. */
interface MapPoint {
  /** Both from 0 to 1. */
  readonly x: number
  readonly y: number
  /** Position in `folders`. */
  readonly folder: number
  /** Where it stands: `docs/a.md:12-20`. */
  readonly place: string
  readonly headings: string
  /** The beginning of its text. */
  readonly text: string
}

/** Pieces of two sources that say nearly the same. */
export interface NearDuplicate {
  /** Cosine of the nearest pair, up to 1. */
  readonly score: number
  /** How many such pairs the two sources have. */
  readonly pairs: number
  readonly sameText: boolean
  readonly a: Pick<MapPoint, 'place' | 'text'>
  readonly b: Pick<MapPoint, 'place' | 'text'>
}

/** Chunks by their length in tokens. */
export interface LengthHistogram {
  /** Tokens that one column stands for. */
  readonly width: number
  /** Column k counts the chunks of `k · width` tokens to under `(k + 1) · width`. */
  readonly counts: readonly number[]
  readonly longest: number
  /** The longest text that the model reads, in tokens; null where the model of the store is not at hand. */
  readonly window: number | null
}

/** Everything that the page shows. */
export interface ReportData {
  readonly store: { readonly path: string; readonly type: string; readonly bytes: number; readonly updatedAt: string }
  readonly model: { readonly name: string; readonly dimensions: number }
  readonly sources: number
  readonly chunks: number
  /** ISO 8601 time at which the page was made. */
  readonly madeAt: string
  /** The groups that colours stand for. */
  readonly folders: readonly string[]
  readonly points: readonly MapPoint[]
  readonly lengths: LengthHistogram
  readonly biggest: readonly { readonly source: string; readonly chunks: number; readonly bytes: number }[]
  readonly duplicates: readonly NearDuplicate[]
  readonly lastRun: {
    readonly finishedAt: string
    readonly failures: readonly { readonly source: string; readonly code: string; readonly message: string }[]
    /** Failures that are not listed, beside those. */
    readonly failuresLeftOut: number
  } | null
}

/** What is told while a page is made. */
export type ReportEvent =
  | { readonly type: 'chunks-read'; readonly chunks: number; readonly total: number }
  | { readonly type: 'chunks-compared'; readonly chunks: number; readonly total: number }
  | { readonly type: 'map-drawn'; readonly round: number; readonly rounds: number }
