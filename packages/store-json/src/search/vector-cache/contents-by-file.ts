import type { SourceContent } from '../../source-entry.ts'

/** The contents that have chunks, by the chunk file that holds them, in the order in which they stand there. */
export function contentsByFile(contents: readonly SourceContent[]): Map<string, SourceContent[]> {
  const byFile = new Map<string, SourceContent[]>()
  for (const content of contents) {
    if (content.range === undefined) continue
    const { file } = content.range.file
    const list = byFile.get(file)
    if (list === undefined) byFile.set(file, [content])
    else list.push(content)
  }
  for (const list of byFile.values()) list.sort((a, b) => (a.range?.offset ?? 0) - (b.range?.offset ?? 0))
  return byFile
}
