import type { FileHandle } from 'node:fs/promises'
import { open, readFile } from 'node:fs/promises'
import { QuernError, systemErrorCode } from '@quern/core'
import type { Manifest } from '../format/manifest.ts'
import { parseManifest } from '../format/manifest.ts'
import { decodeSingleFileHead, singleFileVersion } from '../format/single-file.ts'
import type { PutRecord } from '../format/source-record.ts'
import { manifestName, singleFileName, storePath } from '../format/store-layout.ts'
import { readError } from '../store-errors.ts'
import { readHeadText } from './single-file.ts'

/** The file that says what makes up a store, as it stands on the disk. */
export interface StoredRoot {
  /** `segments`: the file is the manifest; `single`: it is the store as a whole, and this is its head. */
  readonly layout: 'segments' | 'single'
  readonly manifest: Manifest
  /** The manifest, or the head. */
  readonly text: string
  /** What the head says of the sources; none of a manifest, which names the files that do. */
  readonly records: readonly PutRecord[]
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')
}

async function readManifestText(store: string): Promise<string | undefined> {
  const path = storePath(store, manifestName)
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw readError(path, error)
  }
}

async function readSingleText(store: string): Promise<string | undefined> {
  const path = storePath(store, singleFileName)
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw readError(path, error)
  }
  try {
    return await readHeadText(handle, path)
  } finally {
    await handle.close()
  }
}

/**
 * The text of the root of a store; undefined when there is none. A manifest counts more than a single file: that is what a store has grown
 * from, when both are there. Rejects with `STORE_UNREADABLE`.
 */
export async function readRootText(store: string): Promise<Pick<StoredRoot, 'layout' | 'text'> | undefined> {
  const before = await readManifestText(store)
  if (before !== undefined) return { layout: 'segments', text: before }
  const single = await readSingleText(store)
  if (single !== undefined) return { layout: 'single', text: single }
  // It may have grown between the two looks.
  const after = await readManifestText(store)
  return after === undefined ? undefined : { layout: 'segments', text: after }
}

/** A file of embeddings that another program has written says what it is early on, in other words. */
function isForeign(text: string): boolean {
  const start = text.slice(0, 4096)
  return !/"format"|quern-store-json/.test(start) && /"(version|model|embeddings|vectors)"|"id"/.test(start)
}

function foreignFile(store: string): QuernError {
  return new QuernError(
    'OPTION_INVALID',
    `the file ${storePath(store, singleFileName)} was not written by this program`,
    {
      hint: 'Take its vectors over into a store in another folder: indexer import <file>. Nothing was changed.',
      details: { path: store },
    },
  )
}

/**
 * Reads and checks the root of a store; undefined when there is none. `seen`: what was read of it before, which is not read once more when
 * it still stands there. Rejects with `STORE_NEWER` for a version of the format that this
 * package does not know, with `STORE_CORRUPT` for one that is damaged, with `OPTION_INVALID` for a file of embeddings that is none of
 * this format, with `STORE_UNREADABLE`.
 */
export async function readRoot(store: string, seen?: StoredRoot): Promise<StoredRoot | undefined> {
  const root = await readRootText(store)
  if (root === undefined) return undefined
  const { layout, text } = root
  if (seen?.layout === layout && seen.text === text) return seen
  if (layout === 'segments')
    return { ...root, manifest: parseManifest(text, storePath(store, manifestName)), records: [] }
  if (singleFileVersion(text) === undefined && isForeign(text)) throw foreignFile(store)
  return { layout, ...decodeSingleFileHead(text, storePath(store, singleFileName)) }
}
