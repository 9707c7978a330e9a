import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '@quern/test-fixtures'
import { openFileLoader } from '../src/index.ts'
import type { FileLoaderOptions } from '../src/index.ts'
import { listLines } from './list-entries.ts'
import { writeTree } from './write-tree.ts'

async function listWith(options: Omit<FileLoaderOptions, 'roots'>): Promise<string[]> {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'r')
  await writeTree(path, { 'a.md': '', 'b/c.md': '', 'b/d/e.md': '', '.h/x.md': '', '.git/y.md': '' })
  await writeTree(folder.path, { 'other/z.md': '' })
  await symlink('a.md', join(path, 'file.md'))
  await symlink('b', join(path, 'folder'))
  await symlink('..', join(path, 'b', 'loop'))
  await symlink('../other', join(path, 'out'))
  await using loader = await openFileLoader({ roots: [{ path }], ...options })
  return await listLines(loader)
}

test('links to files are listed, links to folders and out of the root are told', async () => {
  expect(await listWith({})).toEqual([
    'r/.git IGNORED',
    'r/.h IGNORED',
    'r/a.md',
    'r/b/c.md',
    'r/b/d/e.md',
    'r/b/loop SYMLINK',
    'r/file.md',
    'r/folder SYMLINK',
    'r/out OUTSIDE_ROOT',
  ])
})

test('links to folders are entered on demand, and loops end', async () => {
  expect(await listWith({ symlinks: 'follow', include: ['**/*.md'] })).toEqual([
    'r/.git IGNORED',
    'r/.h IGNORED',
    'r/a.md',
    'r/b/c.md',
    'r/b/d/e.md',
    'r/b/loop SYMLINK_LOOP',
    'r/file.md',
    'r/folder/c.md',
    'r/folder/d/e.md',
    'r/folder/loop SYMLINK_LOOP',
    'r/out IGNORED',
  ])
})

test('links are left alone on demand', async () => {
  const lines = await listWith({ symlinks: 'skip' })
  expect(lines.filter((line) => line.endsWith('SYMLINK'))).toEqual([
    'r/b/loop SYMLINK',
    'r/file.md SYMLINK',
    'r/folder SYMLINK',
    'r/out SYMLINK',
  ])
})

test('hidden files and folders are listed on demand, those of git never', async () => {
  const lines = await listWith({ hidden: true })
  expect(lines.slice(0, 2)).toEqual(['r/.git IGNORED', 'r/.h/x.md'])
})

test('another word for the policy is refused', async () => {
  await expect(listWith({ symlinks: 'all' as 'skip' })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})
