import type { DeclaredMetadata } from '../document-metadata.ts'

/** A text whose markup was written as Markdown, line for line. */
export interface RenderedMarkup {
  /** As many lines as the original, so that lines of chunks are those of the file. */
  readonly text: string
  /** What the document says of itself. */
  readonly declared: DeclaredMetadata
}

/** A line longer than this, in UTF-16 code units, is text and no markup. The bound also keeps patterns cheap that are not linear. */
export const longestMarkup = 1000

/** A heading of a level from 1; deeper ones than Markdown has are of its deepest level. */
export function headingLine(level: number, title: string): string {
  return `${'#'.repeat(Math.min(Math.max(level, 1), 6))} ${title}`
}
