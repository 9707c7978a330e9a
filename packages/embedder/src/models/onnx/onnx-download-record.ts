import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '@quern/core'
import { writeFileDurably } from '@quern/core/files'
import type { PulledFile } from '../file-pull.ts'

/** What is written down in the folder of a model that was downloaded. */
export interface OnnxDownloadRecord {
  /** The commit that it was downloaded at; undefined where the server named none. */
  readonly commit: string | undefined
  /** Paths within the folder, with slashes. */
  readonly files: readonly PulledFile[]
}

const recordFile = 'quern-download.json'
const version = 1

function isFile(value: unknown): value is PulledFile {
  if (typeof value !== 'object' || value === null) return false
  const { path, bytes, sha256, checkedAgainst } = value as Readonly<Record<string, unknown>>
  return [path, sha256, checkedAgainst].every((member) => typeof member === 'string') && Number.isSafeInteger(bytes)
}

function parse(text: string): OnnxDownloadRecord | undefined {
  try {
    const value = JSON.parse(text) as Readonly<Record<string, unknown>>
    const { version: found, commit, files } = value
    if (found !== version || !Array.isArray(files) || !files.every(isFile)) return undefined
    return { commit: typeof commit === 'string' ? commit : undefined, files }
  } catch {
    // Damaged: the folder counts as one that was put there by hand.
    return undefined
  }
}

/** What is written down in the folder of a model, or undefined where nothing is, as in one that was put there by hand. */
export async function readDownloadRecord(folder: string): Promise<OnnxDownloadRecord | undefined> {
  try {
    return parse(await readFile(join(folder, recordFile), 'utf8'))
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Writes down what was downloaded into a folder. Rejects with the system's error. */
export async function writeDownloadRecord(folder: string, { commit, files }: OnnxDownloadRecord): Promise<void> {
  await writeFileDurably(join(folder, recordFile), `${JSON.stringify({ version, commit, files }, undefined, 2)}\n`)
}
