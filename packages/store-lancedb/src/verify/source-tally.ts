/** Counts the chunks of sources, row by row, whatever their order. */
export interface SourceTally {
  /** A chunk that is as it was written. `count` is that of its row's state, where it has one. */
  addChunk(source: string, chunk: number, count: number | undefined): void
  /** A source without chunks. */
  addEmpty(source: string): void
  /** Sources that lack their state or any of their chunks, or have more. Call it at the end. */
  incomplete(): string[]
}

interface Progress {
  expected: number | undefined
  /** Numbers of the chunks that were seen. */
  readonly chunks: Set<number>
  /** Whether there is more than there should be. */
  excess: boolean
}

/** A tally of nothing. It remembers only the sources of which something is still to come. */
export function createSourceTally(): SourceTally {
  const unfinished = new Map<string, Progress>()

  const progressOf = (source: string): Progress => {
    const known = unfinished.get(source)
    if (known !== undefined) return known
    const progress: Progress = { expected: undefined, chunks: new Set(), excess: false }
    unfinished.set(source, progress)
    return progress
  }
  const settle = (source: string, { expected, chunks, excess }: Progress): void => {
    // Rows that come after the last one open the source anew, and leave it unfinished.
    if (!excess && chunks.size === expected && [...chunks].every((chunk) => chunk < expected)) unfinished.delete(source)
  }
  return {
    addChunk(source, chunk, count) {
      const progress = progressOf(source)
      if (progress.chunks.has(chunk) || (count !== undefined && progress.expected !== undefined)) progress.excess = true
      progress.chunks.add(chunk)
      progress.expected ??= count
      if (progress.chunks.size === progress.expected) settle(source, progress)
    },
    addEmpty(source) {
      const progress = progressOf(source)
      if (progress.expected !== undefined) progress.excess = true
      progress.expected = 0
      settle(source, progress)
    },
    incomplete: () => [...unfinished.keys()],
  }
}
