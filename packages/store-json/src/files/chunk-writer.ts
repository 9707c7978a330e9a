import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SourceChunks } from '@quern/core'
import type { FileOperations } from '@quern/core/files'
import type { VectorEncoding } from '../format/chunk-line.ts'
import { encodeChunkLine } from '../format/chunk-line.ts'
import type { Compression } from '../format/compression.ts'
import { compressBlock, compressionOf } from '../format/compression.ts'
import type { FileHeader } from '../format/file-header.ts'
import { encodeChunkFileHeader } from '../format/file-header.ts'
import { createLineMemory, ownMemory } from '../format/line-memory.ts'
import type { Block, RecordedRange } from '../format/recorded-range.ts'
import { encodeSourceSeal } from '../format/source-seal.ts'
import type { ChunkRange } from '../source-entry.ts'
import type { DataFileWriter } from './data-file-writer.ts'
import { createDataFile } from './data-file-writer.ts'
import { checkStored } from './read-range.ts'

/** Bytes of lines that make a compressed block, as soon as there are as many. */
const blockBytes = 2 ** 20

/** Chunks that are encoded without a pause: other work waits some 10 ms at most. */
const chunksPerTurn = 64

/** A chunk file that is being written. */
export interface ChunkWriter {
  /** Path relative to the store. */
  readonly file: string
  readonly bytes: number
  /** Bytes of what stands before the first source. */
  readonly header: number
  /** Appends the chunks of a source and its seal. */
  addSource(source: SourceChunks, encoding: VectorEncoding): Promise<RecordedRange>
  /** Appends a source as it stands in a file of the same compression, checked on the way; `bytes`: what was read from there. */
  copySource(range: ChunkRange, bytes: Buffer): Promise<RecordedRange>
  /** Writes the rest and syncs. */
  finish(): Promise<void>
  /** Closes and removes the file. */
  discard(): Promise<void>
}

/** The lines of one source on their way into a file. */
interface RangeWriter {
  /** As that of the file. */
  append(line: Buffer): Promise<void> | undefined
  /** SHA-256 (hex) of the lines so far. */
  sum(): string
  finish(): Promise<RecordedRange>
}

function beginPlainRange(target: DataFileWriter): RangeWriter {
  const offset = target.bytes
  const hash = createHash('sha256')
  return {
    append(line) {
      hash.update(line)
      return target.append(line)
    },
    sum: () => hash.copy().digest('hex'),
    finish: async () => ({
      file: target.file,
      offset,
      bytes: target.bytes - offset,
      sha256: hash.digest('hex'),
    }),
  }
}

function beginCompressedRange(target: DataFileWriter, compression: Exclude<Compression, 'none'>): RangeWriter {
  const offset = target.bytes
  const hash = createHash('sha256')
  const linesHash = createHash('sha256')
  const blocks: Block[] = []
  let lines: Buffer[] = []
  let lineBytes = 0

  const flush = async (): Promise<void> => {
    const block = await compressBlock(Buffer.concat(lines), compression)
    blocks.push([block.length, lineBytes])
    lines = []
    lineBytes = 0
    hash.update(block)
    await target.append(block)
  }
  return {
    append(line) {
      linesHash.update(line)
      lines.push(line)
      lineBytes += line.length
      return lineBytes >= blockBytes ? flush() : undefined
    },
    sum: () => linesHash.copy().digest('hex'),
    async finish() {
      if (lineBytes > 0) await flush()
      return { file: target.file, offset, bytes: target.bytes - offset, sha256: hash.digest('hex'), blocks }
    },
  }
}

async function writeHeader(target: DataFileWriter, header: FileHeader, compression: Compression): Promise<void> {
  const line = encodeChunkFileHeader(header)
  await target.append(compression === 'none' ? line : await compressBlock(line, compression))
}

/** Makes a chunk file of a store; its name says how it is compressed. Rejects with the system's errors. */
export async function createChunkWriter(
  { store, file, header }: { readonly store: string; readonly file: string; readonly header: FileHeader },
  operations: FileOperations,
): Promise<ChunkWriter> {
  const compression = compressionOf(file)
  const target = await createDataFile(store, file, operations)
  await writeHeader(target, header, compression)
  const headerBytes = target.bytes
  // Lines that go into a block are kept until it is full.
  const allocate = compression === 'none' ? createLineMemory() : ownMemory
  return {
    file,
    header: headerBytes,
    get bytes() {
      return target.bytes
    },
    async addSource({ state, chunks }, encoding) {
      const range = compression === 'none' ? beginPlainRange(target) : beginCompressedRange(target, compression)
      for (const [index, chunk] of chunks.entries()) {
        const writing = range.append(encodeChunkLine(chunk, encoding, allocate))
        if (writing !== undefined) await writing
        if (index % chunksPerTurn === chunksPerTurn - 1) await nextTurn()
      }
      await range.append(encodeSourceSeal({ source: state, chunks: chunks.length, sha256: range.sum() }))
      return range.finish()
    },
    async copySource(range, stored) {
      const offset = target.bytes
      await target.append(await checkStored(range, stored))
      const { bytes, sha256, blocks } = range
      return { file, offset, bytes, sha256, ...(blocks === undefined ? {} : { blocks }) }
    },
    async finish() {
      await target.finish()
    },
    discard: () => target.discard(),
  }
}
