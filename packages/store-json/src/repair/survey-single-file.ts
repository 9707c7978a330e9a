import type { FileHandle } from 'node:fs/promises'
import { isQuernError, sha256 } from '@quern/core'
import type { ChunkFile } from '../files/chunk-file.ts'
import { openToRead, wrapChunkFile } from '../files/chunk-file.ts'
import { CheckedLineError, decodeCheckedLine } from '../format/checked-line.ts'
import { ChunkLineError, decodeChunkText, vectorStart } from '../format/chunk-line.ts'
import type { FileHeader } from '../format/file-header.ts'
import { copySpace, formatVersion } from '../format/file-header.ts'
import { spaceFault } from '../format/manifest.ts'
import { decodeSingleFileHead, headEnd, singleFileVersion } from '../format/single-file.ts'
import type { PutRecord } from '../format/source-record.ts'
import { decodeSourceRecord } from '../format/source-record.ts'
import { splitLines } from '../format/split-lines.ts'
import { singleFileName, storePath } from '../format/store-layout.ts'
import { beyondRepairHint, corruptError, newerError, readError } from '../store-errors.ts'
import type { KnownSource } from './fold-events.ts'
import { restoreLines } from './restore-lines.ts'
import type { SurveyOptions } from './survey-segments.ts'

/** What is left of a store in a single file. */
export interface SingleFileSurvey extends AsyncDisposable {
  readonly header: FileHeader
  /** The file, open: the ranges of the sources stand in it. */
  readonly file: ChunkFile
  /** The sources whose entries are whole and sound. */
  readonly sources: readonly KnownSource[]
  readonly lost: readonly string[]
  readonly damage: string
}

/** What a damaged or sound head tells. */
interface Told {
  readonly header: FileHeader
  readonly records: readonly PutRecord[]
  /** Ids of sources without chunks whose lines are damaged, as far as these tell them. */
  readonly hinted: readonly string[]
  /** Where the entries begin. */
  readonly base: number
  readonly damage: string
  /** Whether sources are missing in `records`, so that only their entries tell of them. */
  readonly partial: boolean
}

const firstEntry = Buffer.from('\n    {\n')
const endStart = '  "end": '

async function readWhole(handle: FileHandle, path: string): Promise<Buffer> {
  try {
    return await handle.readFile()
  } catch (error) {
    throw readError(path, error)
  }
}

function tryDecode<T>(line: string, decode: (bytes: Buffer) => T): T | undefined {
  try {
    return decode(Buffer.from(line))
  } catch (error) {
    if (error instanceof CheckedLineError) return undefined
    throw error
  }
}

/** The space and creation time that stand behind the entries, or undefined when they do not. */
function headerOfEnd(data: Buffer): FileHeader | undefined {
  const at = data.lastIndexOf(`\n${endStart}`)
  if (at < 0) return undefined
  const [line = ''] = data.toString('utf8', at + 1 + endStart.length).split('\n')
  const { created, ...space }: Partial<Record<'model' | 'fingerprint' | 'created', string> & { dimensions: number }> =
    tryDecode(line, decodeCheckedLine) ?? {}
  if (created === undefined || spaceFault(space) !== undefined) return undefined
  return { space: copySpace(space as FileHeader['space']), createdAt: created }
}

/** Of a damaged head: the sources whose lines are sound or can be put right, and the ids of others without chunks. */
function recordsOfHead(head: Buffer): Pick<Told, 'records' | 'hinted'> {
  const { sound, others } = restoreLines(head)
  const records = sound.map(decodeSourceRecord).filter((record) => 'put' in record)
  const hinted: string[] = []
  for (const line of others) {
    // Those with chunks are named by their entries.
    const told = /"id":"((?:[^"\\]|\\["\\nrt])*)".*"chunkCount":0/.exec(line.toString())
    if (told !== null) hinted.push(JSON.parse(`"${told[1] ?? ''}"`) as string)
  }
  return { records, hinted }
}

function readHead(data: Buffer, path: string): Told {
  // The line feed at its end may be what is damaged.
  const marked = data.indexOf(headEnd.trimEnd())
  const base = marked < 0 ? data.indexOf(firstEntry) + 1 : marked + headEnd.length
  const head = data.subarray(0, base === 0 ? data.length : base)
  let fault: string
  try {
    const { manifest, records } = decodeSingleFileHead(head.toString('utf8'), path)
    const { bytes } = manifest.chunkFiles[0] ?? { bytes: 0 }
    const damage =
      data.length === bytes ? 'some entries are damaged' : `it has ${data.length} bytes instead of ${bytes}`
    return { header: manifest, records, hinted: [], base: head.length, damage, partial: false }
  } catch (error) {
    if (!isQuernError(error, 'STORE_CORRUPT')) throw error
    fault = error.message
  }
  const header = headerOfEnd(data)
  if (header !== undefined) return { header, ...recordsOfHead(head), base: head.length, damage: fault, partial: true }
  throw corruptError('both its head and its end are damaged, so nothing tells of which model the vectors are', {
    path,
    hint: beyondRepairHint,
  })
}

/** The sources to which the entries of a file belong, as far as they tell. */
function sourcesOfEntries(entries: Buffer): Set<string> {
  const ids = new Set<string>()
  for (const { bytes } of splitLines(entries, 'entries')) {
    try {
      const { source } = decodeChunkText(bytes, vectorStart(bytes.subarray(0, bytes.lastIndexOf('}') + 1))).metadata
      if (typeof source === 'string') ids.add(source)
    } catch (error) {
      if (!(error instanceof ChunkLineError)) throw error
    }
  }
  return ids
}

function findSources(data: Buffer, { records, hinted, base, partial }: Told, refused: ReadonlySet<string>) {
  const sources: KnownSource[] = []
  const lost = new Set<string>()
  for (const { put, chunks, textHashes } of records) {
    const start = base + (chunks?.offset ?? 0)
    const bytes = data.subarray(start, start + (chunks?.bytes ?? 0))
    const sound = chunks === undefined || (bytes.length === chunks.bytes && sha256(bytes) === chunks.sha256)
    if (sound && !refused.has(put.id)) sources.push({ state: put, textHashes, range: chunks, told: 0, copied: false })
    else lost.add(put.id)
  }
  const kept = new Set(sources.map(({ state }) => state.id))
  const told = partial ? [...hinted, ...sourcesOfEntries(data.subarray(base))] : []
  for (const id of told) if (!kept.has(id)) lost.add(id)
  return { sources, lost: [...lost] }
}

/**
 * Reads all that is left of a store in a single file. A line of the head that is damaged costs one source, for each has a checksum. Rejects
 * with `STORE_NEWER`, with `STORE_CORRUPT` when nothing tells which space the vectors are of, with `STORE_UNREADABLE`, `signal.reason`.
 * Changes nothing.
 */
export async function surveySingleFile(store: string, { refused, signal }: SurveyOptions): Promise<SingleFileSurvey> {
  const path = storePath(store, singleFileName)
  const handle = await openToRead(path)
  try {
    signal?.throwIfAborted()
    const data = await readWhole(handle, path)
    const version = singleFileVersion(data.toString('utf8', 0, 200))
    if (version !== undefined && version > formatVersion) throw newerError(path, version)
    const told = readHead(data, path)
    const file = wrapChunkFile(handle, data.length, { file: singleFileName, path, form: 'entries', base: told.base })
    const { header, damage } = told
    const found = findSources(data, told, refused)
    return { header, damage, file, ...found, [Symbol.asyncDispose]: () => file.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}
