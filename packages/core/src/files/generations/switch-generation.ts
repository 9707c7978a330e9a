import { dirname, join } from 'node:path'
import { sha256 } from '../../hashes.ts'
import { errorMessage, isQuernError, QuernError } from '../../quern-error.ts'
import { diskOperations } from '../disk-operations.ts'
import type { FileOperations } from '../file-operations.ts'
import {
  firstGeneration,
  generationNumber,
  generationPath,
  generationsFolder,
  readRecord,
  writeRecord,
} from './generation-record.ts'
import type { GenerationRecord } from './generation-record.ts'
import { listGenerations } from './list-generations.ts'

/** A generation that is being made, and does not count yet. */
export interface NextGeneration {
  /** Folder for its store, with all of it: it exists where the making was begun before. */
  readonly path: string
  /** Makes it the one that counts, in one durable step. Its store must be closed. The one before is retired: see `removeRetired`. */
  switchTo(): Promise<void>
}

const unwritten: GenerationRecord = { current: firstGeneration, retired: [] }

/** The name of the next generation: one for the same vectors that was begun and not finished, or a new one. */
async function nextName(folder: string, fingerprint: string): Promise<string> {
  const { current, retired } = (await readRecord(folder)) ?? unwritten
  const present = await listGenerations(folder)
  const ending = `-${sha256(fingerprint).slice(0, 12)}`
  const begun = present.find((name) => name.endsWith(ending) && name !== current && !retired.includes(name))
  if (begun !== undefined) return begun
  const numbers = [current, ...retired, ...present].map(generationNumber)
  return `${Math.max(...numbers) + 1}${ending}`
}

async function makeGenerationsFolder(folder: string, operations: FileOperations): Promise<void> {
  const path = join(folder, generationsFolder)
  try {
    await operations.makeFolder(path)
    await operations.syncFolder(dirname(path))
  } catch (error) {
    if (isQuernError(error)) throw error
    throw new QuernError('STORE_WRITE_FAILED', `the folder ${path} cannot be made: ${errorMessage(error)}`, {
      hint: 'Look at the permissions of the folder and at the room on the disk. The store is as it was.',
      cause: error,
    })
  }
}

/**
 * The place for the next generation of the store in `folder`, whose vectors have this fingerprint: the one that was begun for the same
 * fingerprint and not finished, or a new one. To be called by the holder of the lock of the generation that counts, who keeps it until
 * the switch. Until then the store is what it was, and whatever lies at the place is of no account. Rejects with `STORE_WRITE_FAILED`.
 */
export async function nextGeneration(
  folder: string,
  fingerprint: string,
  operations: FileOperations = diskOperations,
): Promise<NextGeneration> {
  const name = await nextName(folder, fingerprint)
  await makeGenerationsFolder(folder, operations)
  return {
    path: generationPath(folder, name),
    async switchTo() {
      const { current, retired } = (await readRecord(folder)) ?? unwritten
      // Those that were begun for other vectors were made from what is retired now.
      const begun = (await listGenerations(folder)).filter((other) => other !== name && other !== current)
      await writeRecord(folder, { current: name, retired: [...new Set([...retired, current, ...begun])] }, operations)
    },
  }
}
