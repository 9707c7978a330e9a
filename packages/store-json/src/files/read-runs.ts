import type { ChunkFile } from './chunk-file.ts'
import type { ChunkRange, SourceContent } from '../source-entry.ts'

/** A source among those of a run. */
export interface PlacedSource {
  readonly content: SourceContent
  readonly range: ChunkRange
  /** Where its range begins in the bytes of the run. */
  readonly start: number
}

/** Sources that stand near one another in a file, in the order in which they stand there. */
interface Run {
  readonly file: ChunkFile
  readonly offset: number
  end: number
  readonly sources: PlacedSource[]
}

/** The same with the bytes from the first of them to the last, not checked. Their memory is used again once the second run after this one was asked for. */
export interface StoredRun {
  readonly sources: readonly PlacedSource[]
  readonly bytes: Buffer
}

/** A source with the bytes of its range as they stand in the file, not checked. */
export interface StoredSource {
  readonly content: SourceContent
  /** Undefined for a source without chunks. The memory is used again once the second source after this one was asked for. */
  readonly bytes: Buffer | undefined
}

/** Sources are read together up to so many bytes. One that has more is read alone. */
const runBytes = 2 ** 20

/** Sources are read together across a gap of up to so many bytes, which belong to no source any more. */
const gapBytes = 2 ** 16

function runsOf(contents: readonly SourceContent[]): Run[] {
  // By the open file: another of the same name may have taken its place meanwhile.
  const byFile = Map.groupBy(
    contents.flatMap((content) => (content.range === undefined ? [] : [{ content, range: content.range }])),
    ({ range }) => range.file,
  )
  const runs: Run[] = []
  for (const [file, sources] of byFile) {
    let run: Run | undefined
    for (const source of sources.toSorted((a, b) => a.range.offset - b.range.offset)) {
      const { offset, bytes } = source.range
      const end = offset + bytes
      if (run === undefined || offset - run.end > gapBytes || end - run.offset > runBytes) {
        run = { file, offset, end, sources: [] }
        runs.push(run)
      }
      run.end = Math.max(run.end, end)
      run.sources.push({ ...source, start: offset - run.offset })
    }
  }
  return runs
}

function ignore(): void {}

/**
 * Reads runs, each into the memory of the third one before: fresh memory costs as much as reading. One run is being read, one is worked on, and
 * the last source of the one before may still be.
 */
function createRunReader(): (run: Run, index: number) => Promise<Buffer> {
  const memories: Buffer[] = []
  return ({ file, offset, end }, index) => {
    const bytes = end - offset
    const place = index % 3
    let memory = memories[place]
    if (memory === undefined || memory.length < bytes) {
      memory = Buffer.allocUnsafeSlow(bytes > runBytes ? bytes : runBytes)
      memories[place] = memory
    }
    const read = file.read(offset, bytes, memory)
    // Whoever asks for the bytes is told; that nobody may ask any more is no fault.
    read.catch(ignore)
    return read
  }
}

/**
 * Reads the sources that have chunks, many in one go, in the order in which they stand in their files. While one run of them is worked on, the
 * next is read: three are in memory at most. Rejects with `STORE_CORRUPT` when a file ends too early.
 */
export async function* readRuns(contents: readonly SourceContent[]): AsyncIterable<StoredRun> {
  const runs = runsOf(contents)
  const read = createRunReader()
  let next = runs[0] === undefined ? undefined : read(runs[0], 0)
  for (const [index, { sources }] of runs.entries()) {
    const bytes = (await next) ?? Buffer.alloc(0)
    const following = runs[index + 1]
    next = following === undefined ? undefined : read(following, index + 1)
    yield { sources, bytes }
  }
}

/** Reads sources one after another, as `readRuns` does, those without chunks first. */
export async function* readSources(contents: readonly SourceContent[]): AsyncIterable<StoredSource> {
  for (const content of contents) if (content.range === undefined) yield { content, bytes: undefined }
  for await (const { sources, bytes } of readRuns(contents)) {
    for (const { content, range, start } of sources)
      yield { content, bytes: bytes.subarray(start, start + range.bytes) }
  }
}
