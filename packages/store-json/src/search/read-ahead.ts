import type { SourceLine } from '../files/read-source.ts'
import { readSourceLines } from '../files/read-source.ts'
import type { SourceContent } from '../source-entry.ts'
import { readRuns } from './read-runs.ts'

/** A source with its lines, whose memory is used for others once the next source was asked for. */
export interface ReadSource {
  readonly content: SourceContent
  readonly lines: readonly SourceLine[]
}

function ignore(): void {}

/**
 * The lines of sources, checked, one source after another, in the order in which they stand in their files. While one is worked on, the
 * next is checked and decompressed, and the megabyte that comes after it is read. Rejects with `STORE_CORRUPT` for what is not as it was written.
 */
export async function* readAhead(contents: readonly SourceContent[]): AsyncIterable<ReadSource> {
  let before: { readonly content: SourceContent; readonly lines: Promise<SourceLine[]> } | undefined
  for await (const { content, bytes } of readRuns(contents)) {
    const lines = readSourceLines(content, bytes)
    // Whoever asks for the lines is told; that nobody may ask any more is no fault.
    lines.catch(ignore)
    if (before !== undefined) yield { content: before.content, lines: await before.lines }
    before = { content, lines }
  }
  if (before !== undefined) yield { content: before.content, lines: await before.lines }
}
