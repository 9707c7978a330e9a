import type { StoreFault } from '@quern/core'
import { isQuernError } from '@quern/core'
import { readRoot } from '../files/read-root.ts'
import { manifestName, singleFileName, storePath } from '../format/store-layout.ts'
import type { StoreContents } from '../store-contents.ts'

/** What stands on the disk in place of the root of an open store. */
export interface RootVerdict {
  /** Whether it still is the root of what is open, and not that of a later commit. */
  readonly current: boolean
  readonly faults: readonly StoreFault[]
}

/** Reads the root of a store again. Damage to it is no loss: what it says can be derived from the other files, or is in the head's lines. */
export async function verifyRoot(contents: StoreContents): Promise<RootVerdict> {
  const { path, layout, rootText } = contents
  const place = storePath(path, layout === 'single' ? singleFileName : manifestName)
  const faults: StoreFault[] = []
  let current = false
  try {
    const root = await readRoot(path)
    current = root?.text === rootText
    if (root === undefined) faults.push({ place, message: 'the file is missing', sources: [] })
  } catch (error) {
    if (!isQuernError(error, 'STORE_CORRUPT')) throw error
    faults.push({ place, message: error.message, sources: [] })
  }
  return { current, faults }
}
