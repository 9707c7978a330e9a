import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '../../quern-error.ts'
import {
  generationNumber,
  generationPath,
  generationsFolder,
  isGenerationName,
  readRecord,
} from './generation-record.ts'

/** Names of the generations of the store in `folder`, the first one left out, in the order in which they were begun. */
export async function listGenerations(folder: string): Promise<string[]> {
  try {
    const names = await readdir(join(folder, generationsFolder))
    return names.filter(isGenerationName).toSorted((a, b) => generationNumber(a) - generationNumber(b))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return []
    throw error
  }
}

/**
 * Folders of the generations of the store in `folder` that were begun and have neither come to count nor been replaced, in the order in which
 * they were begun. Each holds a store, or nothing yet. Rejects as `currentGeneration` does.
 */
export async function unfinishedGenerations(folder: string): Promise<string[]> {
  const record = await readRecord(folder)
  const isUnfinished = (name: string): boolean => name !== record?.current && record?.retired.includes(name) !== true
  return (await listGenerations(folder)).filter(isUnfinished).map((name) => generationPath(folder, name))
}
