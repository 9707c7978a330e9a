import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diskOperations } from '../../../src/files/disk-operations.ts'
import { unfinishedGenerations } from '../../../src/files/generations/list-generations.ts'
import { currentGeneration, openGeneration } from '../../../src/files/generations/open-generation.ts'
import { removeRetired } from '../../../src/files/generations/remove-retired.ts'
import { nextGeneration } from '../../../src/files/generations/switch-generation.ts'
import { isQuernError } from '../../../src/quern-error.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const ownNames = /^(data|root)$/

async function writeStore(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
  await writeFile(join(path, 'root'), 'root')
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown)
  return isQuernError(error) ? error.code : 'no QuernError'
}

function opened(path: string, closed: string[] = []): { readonly path: string; close(): Promise<void> } {
  return { path, close: async () => void closed.push(path) }
}

test('a store without a record lies in its own folder', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  expect(await currentGeneration(folder)).toBe(folder)
  expect(await currentGeneration(join(folder, 'absent'))).toBe(join(folder, 'absent'))
})

test('the next generation counts from the switch on, and the one before is removed by the next writer', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  await writeStore(folder)
  await writeFile(join(folder, 'notes of the user'), '')
  const next = await nextGeneration(folder, 'model b')
  await writeStore(next.path)
  expect(await currentGeneration(folder)).toBe(folder)
  await next.switchTo()
  expect(await currentGeneration(folder)).toBe(next.path)
  expect(await readdir(folder)).toContain('root')
  const store = await openGeneration(folder, async (path) => opened(path), { ownNames })
  expect(store.path).toBe(next.path)
  expect((await readdir(folder)).toSorted()).toEqual(['generation.json', 'generations', 'notes of the user'])

  const third = await nextGeneration(folder, 'model a')
  await writeStore(third.path)
  await third.switchTo()
  await removeRetired(folder, { ownNames })
  expect(await readdir(join(folder, 'generations'))).toEqual([third.path.split(/[/\\]/).at(-1)])
  expect(third.path).toMatch(/3-[0-9a-f]{12}$/)
})

test('a generation that was begun is gone on with for the same vectors, and retired with the rest otherwise', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  await writeStore(folder)
  const begun = await nextGeneration(folder, 'model b')
  await writeStore(begun.path)
  expect((await nextGeneration(folder, 'model b')).path).toBe(begun.path)
  const other = await nextGeneration(folder, 'model c')
  expect(other.path).not.toBe(begun.path)
  await removeRetired(folder, { ownNames })
  expect(await readdir(begun.path)).toEqual(['root'])
  await writeStore(other.path)
  await other.switchTo()
  await removeRetired(folder, { ownNames })
  expect(await readdir(join(folder, 'generations'))).toEqual([other.path.split(/[/\\]/).at(-1)])
})

test('what was begun and neither counts nor was replaced is unfinished', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  expect(await unfinishedGenerations(join(folder, 'absent'))).toEqual([])
  await writeStore(folder)
  expect(await unfinishedGenerations(folder)).toEqual([])
  const begun = await nextGeneration(folder, 'model b')
  await writeStore(begun.path)
  const other = await nextGeneration(folder, 'model c')
  await writeStore(other.path)
  await mkdir(join(folder, 'generations', 'of the user'))
  expect(await unfinishedGenerations(folder)).toEqual([begun.path, other.path])
  // What was begun from what is replaced now is replaced with it.
  await other.switchTo()
  expect(await unfinishedGenerations(folder)).toEqual([])
})

test('a generation that somebody reads stays until the next time', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  await writeStore(folder)
  const next = await nextGeneration(folder, 'model b')
  await writeStore(next.path)
  await next.switchTo()
  await removeRetired(folder, { ownNames, isInUse: async () => true })
  expect(await readdir(folder)).toContain('root')
  await removeRetired(folder, { ownNames })
  expect(await readdir(folder)).not.toContain('root')
})

/** Switches a store, and ends before the n-th step that changes the disk: whether it came to its end, and which generation counts then. */
async function switchUntil(steps: number): Promise<{ readonly isWhole: boolean }> {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  await writeStore(folder)
  const { path } = await nextGeneration(folder, 'model b')
  await writeStore(path)
  let left = steps
  const step = (): void => {
    if (left-- === 0) throw new Error('killed')
  }
  let renamed = false
  const operations = {
    ...diskOperations,
    createFile: async (file: string) => {
      step()
      return diskOperations.createFile(file)
    },
    rename: async (from: string, to: string) => {
      step()
      await diskOperations.rename(from, to)
      renamed = true
    },
    syncFolder: async (name: string) => {
      step()
      return diskOperations.syncFolder(name)
    },
  }
  const ending = await nextGeneration(folder, 'model b', operations)
    .then((next) => next.switchTo())
    .catch((error: unknown) => error)
  expect(await currentGeneration(folder)).toBe(renamed ? path : folder)
  return { isWhole: ending === undefined }
}

test('ended before any step of the switch, the store is the old one; after the renaming, the new one', async () => {
  let steps = 0
  while (!(await switchUntil(steps)).isWhole) steps++
  // The folder is synced, the file made, renamed, the folder synced.
  expect(steps).toBe(4)
})

test('who opens a store that is switched meanwhile gets the new generation', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  await writeStore(folder)
  const next = await nextGeneration(folder, 'model b')
  await writeStore(next.path)
  const closed: string[] = []
  let isFirst = true
  const store = await openGeneration(folder, async (path) => {
    if (isFirst) await next.switchTo()
    isFirst = false
    return opened(path, closed)
  })
  expect(store.path).toBe(next.path)
  expect(closed).toEqual([folder])
})

test('who fails to open what is removed meanwhile gets the new generation, and otherwise the failure', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  const next = await nextGeneration(folder, 'model b')
  const store = await openGeneration(folder, async (path) => {
    if (path === next.path) return opened(path)
    await next.switchTo()
    throw new Error('gone')
  })
  expect(store.path).toBe(next.path)
  await expect(
    openGeneration(folder, async () => {
      throw new Error('broken')
    }),
  ).rejects.toThrow('broken')
})

test('a damaged record is told, and a newer one refused', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  const next = await nextGeneration(folder, 'model b')
  await next.switchTo()
  const file = join(folder, 'generation.json')
  const text = await readFile(file, 'utf8')
  for (let end = 0; end < text.trimEnd().length; end++) {
    await writeFile(file, text.slice(0, end))
    expect(await codeOf(currentGeneration(folder)), text.slice(0, end)).toBe('STORE_CORRUPT')
  }
  await writeFile(file, text.replace(/"current": "[^"]+"/, '"current": "../../elsewhere"'))
  expect(await codeOf(currentGeneration(folder))).toBe('STORE_CORRUPT')
  await writeFile(file, text.replace('"version": 1', '"version": 2'))
  expect(await codeOf(currentGeneration(folder))).toBe('STORE_NEWER')
})
