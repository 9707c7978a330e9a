import { readRootText } from '../files/read-root.ts'
import { manifestName, singleFileName } from '../format/store-layout.ts'
import type { StoreContents } from '../store-contents.ts'

/** Another writer can only have come in by force, its lock removed by hand. Its commits must not be overwritten. */
export async function assertRootUnchanged({ path, layout, rootText }: StoreContents): Promise<void> {
  const root = await readRootText(path)
  if (root?.text === rootText) return
  const name = layout === 'single' ? singleFileName : manifestName
  throw new Error(`${name} was changed by another program; open the store again`)
}

/** Which root stands on the disk after an attempt to replace it, and what went wrong. */
export interface Replacement {
  readonly stands: 'old' | 'new' | 'unknown'
  readonly error?: unknown
}

/** Runs `replace`, which puts the root with this text in place, and finds out which one stands there when that fails. */
export async function replaceRoot(path: string, text: string, replace: () => Promise<void>): Promise<Replacement> {
  try {
    await replace()
    return { stands: 'new' }
  } catch (error) {
    // When only the sync of the folder failed, the new root stands there already.
    try {
      const root = await readRootText(path)
      if (root === undefined) return { stands: 'unknown', error }
      return { stands: root.text === text ? 'new' : 'old', error }
    } catch {
      return { stands: 'unknown', error }
    }
  }
}
