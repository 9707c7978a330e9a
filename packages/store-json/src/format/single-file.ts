import { errorMessage, sha256 } from '@quern/core'
import { corruptError, newerError } from '../store-errors.ts'
import { CheckedLineError, checkedJson } from './checked-line.ts'
import type { FileHeader } from './file-header.ts'
import { copySpace, formatName, formatVersion } from './file-header.ts'
import { isCount } from './is-count.ts'
import type { Manifest } from './manifest.ts'
import { spaceFault } from './manifest.ts'
import type { PutRecord } from './source-record.ts'
import { toSourceRecord } from './source-record.ts'
import { singleFileName } from './store-layout.ts'

/** What a single file tells before its entries. */
export interface SingleFileHead {
  /** Everything up to the first entry, as it stands in the file. */
  readonly text: string
  /** The store in the terms of a manifest: its one chunk file is the single file itself. */
  readonly manifest: Manifest
  /** In the order of their entries. */
  readonly records: readonly PutRecord[]
}

/** What stands before the first entry, at the end of the head. A string of JSON holds no line feed. */
export const headEnd = '\n  "embeddings": [\n'
/** What stands between the entries of two sources, and of two chunks. */
export const entrySeparator = ',\n'

const checksumStart = '  "sha256": "'

/** What a store in a single file is made of, but for the entries. */
export type SingleFileContent = Pick<Manifest, 'space' | 'createdAt' | 'updatedAt' | 'chunks'> & {
  /** In the order of their entries, whose places they tell, counted from the first entry. */
  readonly records: readonly PutRecord[]
}

/** The head of a single file as it is written: `decodeSingleFileHead` makes the same of its text. */
export function encodeSingleFileHead(content: SingleFileContent): SingleFileHead {
  const head = toHead(content, encodeHeadText(content))
  if (head === undefined) throw new TypeError('the sources of a single file do not follow one another')
  return head
}

function encodeHeadText({ space, createdAt, updatedAt, chunks, records }: SingleFileContent): string {
  const { model, dimensions, fingerprint } = space
  const members = {
    format: formatName,
    version: formatVersion,
    model,
    dimensions,
    fingerprint,
    count: chunks,
    created: createdAt,
    updated: updatedAt,
  }
  const lines = Object.entries(members).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`)
  const list = records.map((record) => `    ${checkedJson(record)}`)
  const text = `{\n${lines.join('')}  "sources": [\n${list.join(entrySeparator)}\n  ],\n`
  return `${text}${checksumStart}${sha256(text)}",${headEnd}`
}

/** What stands behind the entries: the space once more, so that it is not lost with the head. */
export function encodeSingleFileTail({ space, createdAt }: FileHeader): string {
  return `\n  ],\n  "end": ${checkedJson({ ...copySpace(space), created: createdAt })}\n}\n`
}

/** Bytes from the first entry to the end of the last, when the entries stand where the records say; undefined when they cannot. */
function entriesBytes(records: readonly PutRecord[]): number | undefined {
  let next = 0
  let end = 0
  for (const { chunks } of records) {
    if (chunks === undefined) continue
    if (chunks.offset !== next || chunks.blocks !== undefined) return undefined
    end = next + chunks.bytes
    next = end + entrySeparator.length
  }
  return end
}

interface WrittenHead {
  readonly model?: unknown
  readonly dimensions?: unknown
  readonly fingerprint?: unknown
  readonly count?: unknown
  readonly created?: unknown
  readonly updated?: unknown
  readonly sources?: unknown
}

function toRecord(value: unknown, path: string): PutRecord {
  try {
    const record = typeof value === 'object' && value !== null ? toSourceRecord(value) : undefined
    if (record !== undefined && 'put' in record) return record
  } catch (error) {
    if (!(error instanceof CheckedLineError)) throw error
    throw corruptError(`one of its sources ${error.message}`, { path, cause: error })
  }
  throw corruptError('one of its sources is none', { path })
}

/** The head that has this text; undefined when its sources do not follow one another. */
function toHead({ records, chunks, ...content }: SingleFileContent, text: string): SingleFileHead | undefined {
  const entries = entriesBytes(records)
  if (entries === undefined) return undefined
  const header: FileHeader = { space: copySpace(content.space), createdAt: content.createdAt }
  const base = Buffer.byteLength(text)
  const bytes = base + entries + Buffer.byteLength(encodeSingleFileTail(header))
  const manifest: Manifest = {
    ...header,
    updatedAt: content.updatedAt,
    sources: records.length,
    chunks,
    nextFile: 1,
    sourceFiles: [],
    chunkFiles: [{ file: singleFileName, bytes, header: base }],
  }
  return { text, manifest, records }
}

function readHead(value: WrittenHead, text: string, path: string): SingleFileHead {
  const { model, dimensions, fingerprint, count, created, updated, sources } = value
  const space = { model, dimensions, fingerprint }
  if (spaceFault(space) !== undefined) throw corruptError('it has no model, dimensions or fingerprint', { path })
  const complete =
    isCount(count) && typeof created === 'string' && typeof updated === 'string' && Array.isArray(sources)
  if (!complete) throw corruptError('a member is missing', { path })
  const records = (sources as unknown[]).map((source) => toRecord(source, path))
  const content = { space: space as Manifest['space'], createdAt: created, updatedAt: updated, chunks: count, records }
  const head = toHead(content, text)
  if (head === undefined) throw corruptError('its sources do not follow one another', { path })
  return head
}

/** The version that the first lines of a file tell when it is a store in a single file, of whatever version. */
export function singleFileVersion(text: string): number | undefined {
  const told = /^\{\s*"format":\s*"quern-store-json",\s*"version":\s*(\d+)\b/.exec(text)
  return told === null ? undefined : Number(told[1])
}

/** Reads the head of a single file, which ends with `headEnd`. Throws `STORE_CORRUPT` or `STORE_NEWER`. */
export function decodeSingleFileHead(text: string, path: string): SingleFileHead {
  const version = singleFileVersion(text)
  if (version !== undefined && version > formatVersion) throw newerError(path, version)
  const checksumAt = text.lastIndexOf(checksumStart)
  const before = text.slice(0, Math.max(checksumAt, 0))
  if (version !== formatVersion || text.slice(checksumAt) !== `${checksumStart}${sha256(before)}",${headEnd}`) {
    throw corruptError('the checksum of its head is not that of its content', { path })
  }
  let value: unknown
  try {
    value = JSON.parse(`${before.trimEnd().slice(0, -1)}}`)
  } catch (error) {
    throw corruptError(`its head is no JSON (${errorMessage(error)})`, { path, cause: error })
  }
  return readHead(value as WrittenHead, text, path)
}
