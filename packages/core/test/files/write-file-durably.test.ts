import { diskOperations, syncFolder, writeFileDurably } from '@quern/core/files'
import type { FileOperations, NewFile } from '@quern/core/files'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

interface Watched {
  readonly log: string[]
  readonly operations: FileOperations
}

/** The operations of the disk, written down; the one at place `failAt`, counted from 0, rejects instead. */
function watchedOperations(failAt = -1): Watched {
  const log: string[] = []
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    log.push(name)
    if (log.length - 1 === failAt) throw new Error(`no ${name}`)
    return work()
  }
  const watchedFile = (file: NewFile): NewFile => ({
    write: (data) => step('write', () => file.write(data)),
    sync: () => step('sync', () => file.sync()),
    close: async () => {
      await file.close()
      await step('close', async () => undefined)
    },
  })
  const operations: FileOperations = {
    makeFolder: (path) => step('makeFolder', () => diskOperations.makeFolder(path)),
    createFile: async (path) => watchedFile(await step('createFile', () => diskOperations.createFile(path))),
    rename: (from, to) => step('rename', () => diskOperations.rename(from, to)),
    remove: (path) => step('remove', () => diskOperations.remove(path)),
    syncFolder: (path) => step('syncFolder', () => diskOperations.syncFolder(path)),
  }
  return { log, operations }
}

const inOrder = ['createFile', 'write', 'sync', 'close', 'rename', 'syncFolder']

test('a file is written beside, synced, renamed into place, and its folder synced', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'file')
  const { log, operations } = watchedOperations()
  await writeFileDurably(path, 'new', operations)
  expect(log).toEqual(inOrder)
  expect(await readFile(path, 'utf8')).toBe('new')
  expect(await readdir(folder.path)).toEqual(['file'])
})

test('after a failure of any operation the old content or the new stands there, whole, and nothing else', async () => {
  for (const [failAt, name] of inOrder.entries()) {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'file')
    await writeFile(path, 'old')
    await expect(writeFileDurably(path, 'new', watchedOperations(failAt).operations)).rejects.toThrow(`no ${name}`)
    expect(await readFile(path, 'utf8')).toBe(name === 'syncFolder' ? 'new' : 'old')
    expect(await readdir(folder.path)).toEqual(['file'])
  }
})

test('texts are written as UTF-8 and bytes as they are', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'file')
  await writeFileDurably(path, 'Mühle \u{1f33e}')
  expect(await readFile(path, 'utf8')).toBe('Mühle \u{1f33e}')
  const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251)
  await writeFileDurably(path, bytes)
  expect(Buffer.compare(await readFile(path), bytes)).toBe(0)
  await writeFileDurably(path, '')
  expect(await readFile(path, 'utf8')).toBe('')
})

test('writers of one file at once leave the content of one of them', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'file')
  const contents = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(10_000))
  await Promise.all(contents.map((content) => writeFileDurably(path, content)))
  expect(contents).toContain(await readFile(path, 'utf8'))
  expect(await readdir(folder.path)).toEqual(['file'])
})

test('the disk makes folders twice, files once, and removes what is not there', async () => {
  await using folder = await temporaryFolder()
  const deep = join(folder.path, 'a', 'b')
  await diskOperations.makeFolder(deep)
  await diskOperations.makeFolder(deep)
  const file = await diskOperations.createFile(join(deep, 'file'))
  await file.write(Buffer.from('one '))
  await file.write(Buffer.from('two'))
  await file.close()
  await expect(diskOperations.createFile(join(deep, 'file'))).rejects.toMatchObject({ code: 'EEXIST' })
  expect(await readFile(join(deep, 'file'), 'utf8')).toBe('one two')
  await diskOperations.remove(join(deep, 'file'))
  await diskOperations.remove(join(deep, 'file'))
  expect(await readdir(deep)).toEqual([])
})

test('syncing a folder that does not exist rejects', async () => {
  await using folder = await temporaryFolder()
  await syncFolder(folder.path)
  await expect(syncFolder(join(folder.path, 'absent'))).rejects.toMatchObject({ code: 'ENOENT' })
})
