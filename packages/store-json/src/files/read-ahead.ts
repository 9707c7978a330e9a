import { readVerified } from './read-range.ts'
import { readSources } from './read-runs.ts'
import type { SourceContent } from '../source-entry.ts'

/** A source with the text of its lines, checked, whose memory is used for others once the next source was asked for. */
export interface ReadSource {
  readonly content: SourceContent
  readonly text: Buffer
}

const noText = Buffer.alloc(0)

function ignore(): void {}

/**
 * The lines of sources, checked, one source after another, in the order in which they stand in their files. While one is worked on, the
 * next is checked and decompressed, and the megabyte that comes after it is read. Rejects with `STORE_CORRUPT` for what is not as it was written.
 */
export async function* readAhead(contents: readonly SourceContent[]): AsyncIterable<ReadSource> {
  let before: { readonly content: SourceContent; readonly text: Promise<Buffer> } | undefined
  for await (const { content, bytes } of readSources(contents)) {
    const text = content.range === undefined ? Promise.resolve(noText) : readVerified(content.range, bytes)
    // Whoever asks for the text is told; that nobody may ask any more is no fault.
    text.catch(ignore)
    if (before !== undefined) yield { content: before.content, text: await before.text }
    before = { content, text }
  }
  if (before !== undefined) yield { content: before.content, text: await before.text }
}
