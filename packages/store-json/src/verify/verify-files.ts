import { stat } from 'node:fs/promises'
import type { StoreFault } from '@quern/core'
import { isQuernError, systemErrorCode } from '@quern/core'
import type { ChunkFile } from '../files/chunk-file.ts'
import { listFolder } from '../files/inspect-folder.ts'
import { findOrphans } from '../files/remove-orphans.ts'
import { readSourceFile } from '../files/read-source-file.ts'
import { CheckedLineError } from '../format/checked-line.ts'
import { BlockError, compressionOf, unpackBlock } from '../format/compression.ts'
import { decodeFileHeader } from '../format/file-header.ts'
import type { ChunkFileEntry, SourceFileEntry } from '../format/manifest.ts'
import { encodeSingleFileTail, entrySeparator } from '../format/single-file.ts'
import { isLockFile, storePath } from '../format/store-layout.ts'
import type { StoreContents } from '../store-contents.ts'
import { verifyRoot } from './verify-root.ts'

/** What is wrong with a file whose content can be derived from others; nothing when it is sound. */
async function faultOfSourceFile(store: string, entry: SourceFileEntry): Promise<string | undefined> {
  try {
    // The records are read to their end for the checks on the way.
    for (const _ of await readSourceFile(store, entry)) continue
    return undefined
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 'the file is missing'
    if (isQuernError(error, 'STORE_CORRUPT')) return error.message
    throw error
  }
}

/** The first line of a chunk file. */
async function readHeaderLine(file: ChunkFile, bytes: number): Promise<Buffer> {
  const compression = compressionOf(file.file)
  const stored = await file.readAt(0, bytes)
  const line = compression === 'none' ? stored : (await unpackBlock(stored, compression, 2 ** 20)).plain
  return line.subarray(0, -1)
}

async function faultOfHeader(file: ChunkFile, { header }: ChunkFileEntry): Promise<string | undefined> {
  try {
    decodeFileHeader(await readHeaderLine(file, header))
    return undefined
  } catch (error) {
    if (error instanceof CheckedLineError) return `the first line ${error.message}`
    if (error instanceof BlockError) return `the first block ${error.message}`
    if (isQuernError(error, 'STORE_CORRUPT')) return error.message
    throw error
  }
}

/** What is wrong with what stands between and behind the entries of a single file. */
async function faultOfJoints({ manifest, catalog }: StoreContents, file: ChunkFile): Promise<string | undefined> {
  const tail = encodeSingleFileTail(manifest)
  const tailBytes = Buffer.byteLength(tail)
  if ((await file.readAt(file.bytes - tailBytes, tailBytes)).toString() !== tail)
    return 'its end is another than was written'
  for (const { content, state } of catalog.entries.values()) {
    const { range } = content
    if (range?.file !== file || range.offset === 0) continue
    const between = await file.read(range.offset - entrySeparator.length, entrySeparator.length)
    if (between.toString() !== entrySeparator) return `what stands before ${state.id} is another than was written`
  }
  return undefined
}

async function sizeFault({ path, bytes }: ChunkFile): Promise<string | undefined> {
  try {
    const { size } = await stat(path)
    return size === bytes ? undefined : `it has ${size} bytes instead of ${bytes}`
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 'the file is missing'
    throw error
  }
}

/** What is wrong with a chunk file beside the chunks themselves. `there`: whether it should still stand in its folder. */
async function* faultsOfChunkFile(
  contents: StoreContents,
  entry: ChunkFileEntry,
  there: boolean,
): AsyncIterable<string | undefined> {
  const file = contents.chunkFiles.get(entry.file)
  if (file === undefined) return
  if (there) yield sizeFault(file)
  yield contents.layout === 'single' ? faultOfJoints(contents, file) : faultOfHeader(file, entry)
}

/** Files that belong to nobody: only where no writer is at work, whose files they might be. */
async function* orphanFaults(contents: StoreContents): AsyncIterable<StoreFault> {
  const { path, layout, manifest } = contents
  const orphans = await findOrphans(path, { layout, manifest })
  const locked = (await listFolder(path)).some(isLockFile)
  if (locked || !(await verifyRoot(contents)).current) return
  const message = 'the file does not belong to the store; the next writer removes it'
  for (const file of orphans) yield { place: storePath(path, file), message, sources: [] }
}

/**
 * Checks the files of an open store, but for its chunks, and yields what is wrong. Of what a later commit has replaced meanwhile only
 * that is checked which the open store still reads.
 */
export async function* verifyFiles(contents: StoreContents, checkpoint: () => void): AsyncIterable<StoreFault> {
  const { path, manifest } = contents
  const { current, faults } = await verifyRoot(contents)
  yield* faults
  const found: StoreFault[] = []
  for (const entry of current ? manifest.sourceFiles : []) {
    checkpoint()
    const message = await faultOfSourceFile(path, entry)
    if (message !== undefined) found.push({ place: storePath(path, entry.file), message, sources: [] })
  }
  for (const entry of manifest.chunkFiles) {
    checkpoint()
    for await (const message of faultsOfChunkFile(contents, entry, current)) {
      if (message !== undefined) found.push({ place: storePath(path, entry.file), message, sources: [] })
    }
  }
  // A writer beside, or this one, may have replaced the files on the way.
  const replaced = current && contents.manifest !== manifest
  if (!replaced && (!current || (await verifyRoot(contents)).current)) {
    yield* found
    if (current) yield* orphanFaults(contents)
  }
}
