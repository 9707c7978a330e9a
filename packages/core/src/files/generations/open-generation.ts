import { firstGeneration, generationPath, readRecord } from './generation-record.ts'
import { removeRetired } from './remove-retired.ts'
import type { RetiredStores } from './remove-retired.ts'

/** Something that lies in the folder of a store and is open. */
interface Closable {
  close(): Promise<void>
}

/**
 * Folder in which the store of `folder` lies: that folder itself, or the generation in it that its file `generation.json` names. Rejects
 * with `STORE_CORRUPT`, `STORE_NEWER` or `STORE_UNREADABLE`.
 */
export async function currentGeneration(folder: string): Promise<string> {
  const record = await readRecord(folder)
  return generationPath(folder, record?.current ?? firstGeneration)
}

/** Closes what was opened when `work` fails. */
async function orClose<T>(opened: Closable | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await opened?.close()
    throw error
  }
}

/**
 * Opens the store of `folder` where it lies. When another generation has come to count while it was opened, that one is opened instead. A
 * writer that holds the lock of a generation is sure that it counts: only its holder may switch to another. A writer gives `retired`, and
 * what was replaced is removed.
 */
export async function openGeneration<T extends Closable>(
  folder: string,
  open: (path: string) => Promise<T>,
  retired?: RetiredStores,
): Promise<T> {
  for (let path = await currentGeneration(folder); ;) {
    let opened: T | undefined
    let failure: unknown
    try {
      opened = await open(path)
    } catch (error) {
      failure = error
    }
    const now = await orClose(opened, () => currentGeneration(folder))
    if (now === path) {
      if (opened === undefined) throw failure
      if (retired !== undefined) await orClose(opened, () => removeRetired(folder, retired))
      return opened
    }
    await opened?.close()
    path = now
  }
}
