import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorMessage, QuernError, systemErrorCode } from '../../quern-error.ts'
import { diskOperations } from '../disk-operations.ts'
import type { FileOperations } from '../file-operations.ts'
import { writeFileDurably } from '../write-file-durably.ts'

/** File in the folder of a store that says which of its generations counts. Its replacement is the moment of the switch. */
const recordName = 'generation.json'
/** Folder of the generations after the first. */
export const generationsFolder = 'generations'
/** How the record names the first generation, which lies in the folder of the store itself. */
export const firstGeneration = '.'

const format = 'quern-store-generation'
const version = 1
const namePattern = /^[1-9]\d{0,8}-[0-9a-f]{12}$/

/** What the record says. */
export interface GenerationRecord {
  /** The generation that counts. */
  readonly current: string
  /** Generations that were replaced, and may still be there. */
  readonly retired: readonly string[]
}

/** Whether a folder of this name in `generations` is a generation. */
export function isGenerationName(name: string): boolean {
  return namePattern.test(name)
}

/** Number of a generation, counted from 1. */
export function generationNumber(name: string): number {
  return name === firstGeneration ? 1 : Number.parseInt(name, 10)
}

/** Folder of a generation of the store in `folder`. */
export function generationPath(folder: string, name: string): string {
  return name === firstGeneration ? folder : join(folder, generationsFolder, name)
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && (value === firstGeneration || isGenerationName(value))
}

function damaged(path: string, reason: string): QuernError {
  return new QuernError('STORE_CORRUPT', `the file ${path} is damaged: ${reason}`, {
    hint: `It says which generation of the store counts. Each folder in ${generationsFolder} beside it is a whole store, to be opened with --store-path. Nothing was changed.`,
    details: { path },
  })
}

function parse(text: string, path: string): GenerationRecord {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw damaged(path, errorMessage(error))
  }
  const record = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>
  if (record['format'] !== format) throw damaged(path, `its format is not "${format}"`)
  if (typeof record['version'] === 'number' && record['version'] > version) {
    throw new QuernError(
      'STORE_NEWER',
      `${path} has version ${record['version']}; this program knows version ${version}`,
      {
        hint: 'Update the program, or use another store. Nothing was changed.',
        details: { path },
      },
    )
  }
  const { current, retired } = record
  if (record['version'] === version && isName(current) && Array.isArray(retired) && retired.every(isName)) {
    return { current, retired }
  }
  throw damaged(path, 'it does not name its generations')
}

/**
 * The record of a store; undefined where there is none, as of a store that has never had a second generation. Rejects with
 * `STORE_CORRUPT`, `STORE_NEWER` or `STORE_UNREADABLE`.
 */
export async function readRecord(folder: string): Promise<GenerationRecord | undefined> {
  const path = join(folder, recordName)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined
    throw new QuernError('STORE_UNREADABLE', `the file ${path} cannot be read: ${errorMessage(error)}`, {
      hint: 'Look at its permissions.',
      cause: error,
    })
  }
  return parse(text, path)
}

/** Writes the record in place of the one before, at once and durably. Rejects with `STORE_WRITE_FAILED`. */
export async function writeRecord(
  folder: string,
  { current, retired }: GenerationRecord,
  operations: FileOperations = diskOperations,
): Promise<void> {
  const path = join(folder, recordName)
  try {
    await writeFileDurably(path, `${JSON.stringify({ format, version, current, retired }, undefined, 2)}\n`, operations)
  } catch (error) {
    throw new QuernError('STORE_WRITE_FAILED', `the file ${path} cannot be written: ${errorMessage(error)}`, {
      hint: 'Look at the permissions of the folder and at the room on the disk. The store is as it was.',
      cause: error,
    })
  }
}
