import { vectorLength } from '@quern/core'
import { decodeLine, splitSource } from '../files/read-source.ts'
import { decodeChunkText, decodeChunkVector, vectorStart } from '../format/chunk-line.ts'
import type { KernelLines, LineKernel } from '../format/line-kernel.ts'
import { bytesBetween } from '../format/split-lines.ts'
import { createLineKernel } from '../format/line-kernel.ts'
import type { Pace } from './pace.ts'
import type { ReadSource } from '../files/read-ahead.ts'
import type { PlacedSource, StoredRun } from '../files/read-runs.ts'
import type { MeasuredColumns } from './rows/source-rows.ts'
import { textChecksum } from './rows/text-checksum.ts'

/** How the rows of a source are decoded. */
export interface RowDecoding {
  readonly dimensions: number
  readonly pace: Pace
  /** Takes the vectors of the rows from `first` on, one after another, in memory that is used again. */
  readonly takeVectors: (first: number, vectors: Float32Array) => void
}

const newline = 0x0a
const quote = 0x22
const idKey = '"id":'
/** The id is the first member: it begins within so many bytes. */
const idWithin = 16
/** Lines of a source that the kernel may leave to the plain way before it is not tried any more. */
const mostMisses = 8

let kernel: LineKernel | 'none' | undefined

function lineKernel(): LineKernel | undefined {
  kernel ??= createLineKernel() ?? 'none'
  return kernel === 'none' ? undefined : kernel
}

/** The id of a chunk, without reading the rest of its line where that can be done. Throws `ChunkLineError`. */
function decodeId(line: Buffer, vectorAt: number): string {
  const key = line.subarray(0, idWithin).indexOf(idKey)
  const start = line.indexOf(quote, key + idKey.length) + 1
  const id = line.toString('utf8', start, line.indexOf(quote, start))
  return key < 0 || id.includes('\\') ? decodeChunkText(line, vectorAt).id : id
}

/** Rows as they are filled, from the first on. */
interface FilledRows extends MeasuredColumns {
  readonly ids: string[]
}

function emptyRows(count: number): FilledRows {
  return {
    ids: [],
    starts: new Float64Array(count),
    vectorStarts: new Float64Array(count),
    checksums: new Uint32Array(count),
    lengths: new Float64Array(count),
  }
}

/** What the kernel read, and from where on in which text. */
interface KernelRead {
  readonly lines: KernelLines
  readonly text: Buffer
  readonly base: number
}

/** Adds the row of one of the lines that were read. Its places are counted from `sourceAt` in the text. */
function addRead(rows: FilledRows, { lines, text, base }: KernelRead, index: number, sourceAt: number): void {
  const { ids, lengths, starts, vectorStarts, checksums } = rows
  const start = base + lines.start(index)
  const vectorAt = base + lines.vectorStart(index)
  const row = ids.length
  ids.push(text.toString('utf8', base + lines.idStart(index), base + lines.idEnd(index)))
  lengths[row] = lines.length(index)
  starts[row] = start - sourceAt
  vectorStarts[row] = vectorAt - sourceAt
  checksums[row] = textChecksum(text.subarray(start, vectorAt))
}

/** Adds the row of a line of whatever form and returns its vector. Throws `ChunkLineError`. */
function addLine(rows: FilledRows, line: Buffer, start: number, dimensions: number): Float32Array {
  const { ids, lengths, starts, vectorStarts, checksums } = rows
  const row = ids.length
  const vector = new Float32Array(dimensions)
  const vectorAt = vectorStart(line)
  decodeChunkVector(line, vectorAt, vector)
  const id = decodeId(line, vectorAt)
  lengths[row] = vectorLength(vector)
  starts[row] = start
  vectorStarts[row] = start + vectorAt
  checksums[row] = textChecksum(line.subarray(0, vectorAt))
  ids.push(id)
  return vector
}

/** What searches need of the lines of a source, in document order, but for the vectors. Rejects with `STORE_CORRUPT` for what is not as it was written. */
export async function decodeRows(
  { content, text }: ReadSource,
  { dimensions, pace, takeVectors }: RowDecoding,
): Promise<MeasuredColumns> {
  const count = content.textHashes.length
  const rows = emptyRows(count)
  let lines: Awaited<ReturnType<typeof splitSource>> | undefined
  const form = content.range?.file.form ?? 'lines'
  let misses = 0
  let at = 0
  while (rows.ids.length < count) {
    if (pace.due()) await pace.rest()
    const row = rows.ids.length
    const read =
      misses < mostMisses ? lineKernel()?.read(text.subarray(at), form, { count: count - row, dimensions }) : undefined
    if (read !== undefined) {
      takeVectors(row, read.vectors)
      for (let i = 0; i < read.count; i++) addRead(rows, { lines: read, text, base: at }, i, 0)
      at += read.end(read.count - 1)
      continue
    }
    misses++
    lines ??= await splitSource(content, text)
    const { bytes, start } = lines[row] as (typeof lines)[number]
    await decodeLine(content, row, () => takeVectors(row, addLine(rows, bytes, start, dimensions)))
    at = start + bytes.length + bytesBetween[form]
  }
  // Behind lines stands the seal of the source, and nothing else, behind entries nothing; where it is otherwise, this says so.
  const ends =
    form === 'lines' ? text.indexOf(newline, at) === text.length - 1 : at === text.length && text.at(-1) !== newline
  if (lines === undefined && !ends) await splitSource(content, text)
  return rows
}

/**
 * The same of the entries of a single file in far fewer steps when its sources have few chunks each: of a run whose sources are checked, the rows of one
 * source after another. Undefined where each source must be looked at by itself: an entry is of another form, or not one of the source that is next.
 */
export async function decodeEntries(
  { bytes: text, sources }: StoredRun,
  { dimensions, pace, takeVectors }: RowDecoding,
): Promise<MeasuredColumns | undefined> {
  const owners = sources.flatMap((source) => Array.from({ length: source.content.textHashes.length }, () => source))
  const rows = emptyRows(owners.length)
  let at = 0
  while (rows.ids.length < owners.length) {
    if (pace.due()) await pace.rest()
    const row = rows.ids.length
    const lines = lineKernel()?.read(text.subarray(at), 'entries', { count: owners.length - row, dimensions })
    if (lines === undefined) return undefined
    takeVectors(row, lines.vectors)
    for (let i = 0; i < lines.count; i++) {
      const { start, range } = owners[row + i] as PlacedSource
      const entryAt = at + lines.start(i)
      if (entryAt < start || entryAt >= start + range.bytes) return undefined
      addRead(rows, { lines, text, base: at }, i, start)
    }
    at += lines.end(lines.count - 1)
  }
  return at === text.length && text.at(-1) !== newline ? rows : undefined
}
