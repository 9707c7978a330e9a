import type { SourceLine } from '../files/read-source.ts'
import { readSourceLines } from '../files/read-source.ts'
import type { SourceContent } from '../source-entry.ts'

/** A source with its lines. */
export interface ReadSource {
  readonly content: SourceContent
  readonly lines: readonly SourceLine[]
}

function ignore(): void {}

/**
 * The lines of sources, checked, one source after another. While one is worked on, the next is read: two are in memory at most. Rejects
 * with `STORE_CORRUPT` for what is not as it was written.
 */
export async function* readAhead(contents: readonly SourceContent[]): AsyncIterable<ReadSource> {
  const read = (index: number): Promise<SourceLine[]> | undefined => {
    const content = contents[index]
    const lines = content === undefined ? undefined : readSourceLines(content)
    // Whoever asks for the lines is told; that nobody may ask any more is no fault.
    lines?.catch(ignore)
    return lines
  }
  let next = read(0)
  for (const [index, content] of contents.entries()) {
    const lines = next
    next = read(index + 1)
    yield { content, lines: (await lines) ?? [] }
  }
}
