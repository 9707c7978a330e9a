import { existsSync } from 'node:fs'
import { mkdtempDisposable, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder } from '../../src/files/make-folder.ts'

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory()
}

test('a folder is made with those above it, and one that is there stays', async () => {
  await using root = await mkdtempDisposable(join(tmpdir(), 'quern-folder-'))
  const path = join(root.path, 'a', 'b', 'c')
  await makeFolder(path)
  expect(await isFolder(path)).toBe(true)
  await writeFile(join(path, 'kept'), '')
  await makeFolder(path)
  expect(existsSync(join(path, 'kept'))).toBe(true)
})

test('many at once make the same folder', async () => {
  await using root = await mkdtempDisposable(join(tmpdir(), 'quern-folder-'))
  const path = join(root.path, 'a', 'b', 'c', 'd')
  await Promise.all(Array.from({ length: 20 }, () => makeFolder(path)))
  expect(await isFolder(path)).toBe(true)
})

test('where a file is in the way, it is named with the reason and the next step', async () => {
  await using root = await mkdtempDisposable(join(tmpdir(), 'quern-folder-'))
  const file = join(root.path, 'file')
  await writeFile(file, '')
  await expect(makeFolder(file)).rejects.toMatchObject({
    code: 'STORE_WRITE_FAILED',
    message: expect.stringContaining(`the folder ${file} cannot be made: EEXIST`),
    hint: expect.stringContaining('Name a folder'),
  })
  await expect(makeFolder(join(file, 'a', 'b'))).rejects.toMatchObject({
    code: 'STORE_WRITE_FAILED',
    message: expect.stringContaining(`the folder ${join(file, 'a', 'b')} cannot be made: ENOTDIR`),
  })
})

test.skipIf(!existsSync('/proc/self'))('a folder that takes no new ones is an end, not a loop', async () => {
  for (const path of ['/proc/quern', '/proc/quern/a/b']) {
    await expect(makeFolder(path)).rejects.toMatchObject({
      code: 'STORE_WRITE_FAILED',
      message: expect.stringContaining('the folder /proc/quern cannot be made: ENOENT'),
    })
  }
})
