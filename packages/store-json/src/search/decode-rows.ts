import { vectorLength } from '@quern/core'
import { decodeLine, splitSource } from '../files/read-source.ts'
import { decodeChunkText, decodeChunkVector, vectorStart } from '../format/chunk-line.ts'
import type { KernelLines, LineKernel } from '../format/line-kernel.ts'
import { bytesBetween } from '../format/split-lines.ts'
import { createLineKernel } from '../format/line-kernel.ts'
import type { Pace } from './pace.ts'
import type { ReadSource } from '../files/read-ahead.ts'
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

/** Adds the rows of lines, whose places are counted from `base` on in the text. */
function addLines(rows: FilledRows, text: Buffer, base: number, lines: KernelLines): void {
  const { ids, lengths, starts, vectorStarts, checksums } = rows
  for (let i = 0; i < lines.count; i++) {
    const start = base + lines.start(i)
    const vectorAt = base + lines.vectorStart(i)
    const row = ids.length
    ids.push(text.toString('utf8', base + lines.idStart(i), base + lines.idEnd(i)))
    lengths[row] = lines.length(i)
    starts[row] = start
    vectorStarts[row] = vectorAt
    checksums[row] = textChecksum(text.subarray(start, vectorAt))
  }
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
      addLines(rows, text, at, read)
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
