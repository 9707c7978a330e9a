import { existsSync, readdirSync, rmSync } from 'node:fs'
import { copyAsCrashed } from '@quern/core/testing'

/** Names of all files below a folder. */
function filesBelow(folder: string): string {
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String).toSorted().join('\n') : ''
}

/**
 * Copies a store as it would be left behind if the process were killed now. LanceDB writes in threads of its own, which go on while the
 * files are copied, so it is done again until no file has come or gone meanwhile.
 */
export function copyOfMoment(from: string, to: string): void {
  for (;;) {
    const before = filesBelow(from)
    try {
      copyAsCrashed(from, to)
    } catch (error) {
      // A file was gone before it was its turn.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
    if (filesBelow(from) === before && filesBelow(to) === before) return
    rmSync(to, { recursive: true })
  }
}
