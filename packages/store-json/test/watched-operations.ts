import type { FileOperations, NewFile } from '@quern/core/files'
import { diskOperations } from '@quern/core/files'

/** Is told of each change to the disk before it happens, numbered from 0; a rejection takes its place. */
export type OperationWatch = (
  number: number,
  change: { readonly name: string; readonly half: () => Promise<void> },
) => Promise<void>

async function nothing(): Promise<void> {}

/** The operations of the disk, watched. `half` of a writing writes half of the data. */
export function watchedOperations(watch: OperationWatch): FileOperations {
  let count = 0
  const step = async <T>(name: string, run: () => Promise<T>, half = nothing): Promise<T> => {
    await watch(count++, { name, half })
    return run()
  }
  const watchFile = (file: NewFile): NewFile => ({
    write: (data) => {
      const half = (): Promise<void> => file.write(data.subarray(0, Math.floor(data.length / 2)))
      return step('write', () => file.write(data), half)
    },
    sync: () => step('sync', () => file.sync()),
    close: () => file.close(),
  })
  return {
    makeFolder: (path) => step('makeFolder', () => diskOperations.makeFolder(path)),
    createFile: (path) => step('createFile', async () => watchFile(await diskOperations.createFile(path))),
    rename: (from, to) => step('rename', () => diskOperations.rename(from, to)),
    remove: (path) => step('remove', () => diskOperations.remove(path)),
    syncFolder: (path) => step('syncFolder', () => diskOperations.syncFolder(path)),
  }
}

/** The operations of the disk without waiting for it: for tests of many commits. */
export const hastyOperations: FileOperations = {
  ...diskOperations,
  createFile: async (path) => ({ ...(await diskOperations.createFile(path)), sync: nothing }),
  syncFolder: nothing,
}
