import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { listEntries, listLines } from './list-entries.ts'
import { makeFifo } from './make-fifo.ts'
import { createMemoryFileSystem } from './memory-file-system.ts'
import type { MemoryNode } from './memory-file-system.ts'
import { openPlainLoader } from './plain-reader.ts'
import { writeTree } from './write-tree.ts'

async function linesOf(content: MemoryNode): Promise<string[]> {
  return listLines(
    await openPlainLoader({ roots: [{ path: '/r' }] }, { fileSystem: createMemoryFileSystem({ r: content }) }),
  )
}

test('links: files in the root are listed, folders, dead links and what lies outside are not', async () => {
  await using folder = await temporaryFolder()
  const root = join(folder.path, 'root')
  await writeTree(folder.path, { 'outside/o.md': 'o', 'root/sub/x.md': 'x', 'root/z.md': 'z' })
  await symlink('../sub/x.md', join(root, 'sub/again.md'))
  await symlink('z.md', join(root, 'in.md'))
  await symlink('sub', join(root, 'folder'))
  await symlink('.', join(root, 'loop'))
  await symlink('nowhere.md', join(root, 'dead.md'))
  await symlink('self.md', join(root, 'self.md'))
  await symlink('../outside/o.md', join(root, 'out.md'))
  await symlink('../outside', join(root, 'outfolder'))
  await symlink('..', join(root, 'up'))
  await symlink('dead.md', join(root, 'dead2.md'))
  expect(await listLines(await openPlainLoader({ roots: [{ path: root }] }))).toEqual([
    'root/dead.md BROKEN_LINK',
    'root/dead2.md BROKEN_LINK',
    'root/folder SYMLINK',
    'root/in.md',
    'root/loop SYMLINK',
    'root/out.md OUTSIDE_ROOT',
    'root/outfolder OUTSIDE_ROOT',
    'root/self.md BROKEN_LINK',
    'root/sub/again.md',
    'root/sub/x.md',
    'root/up OUTSIDE_ROOT',
    'root/z.md',
  ])
})

test('a link is loaded as the file that it names', async () => {
  await using folder = await temporaryFolder()
  await writeTree(folder.path, { 'b.md': 'text of b' })
  await symlink('b.md', join(folder.path, 'a.md'))
  const [first] = await listEntries(await openPlainLoader({ roots: [{ path: folder.path, name: 'r' }] }))
  const loaded = await (first?.type === 'source' ? first.source.load() : undefined)
  expect(loaded?.document).toMatchObject({ id: 'r/a.md', pageContent: 'text of b' })
})

test('a FIFO is reported and not opened', async () => {
  await using folder = await temporaryFolder()
  makeFifo(join(folder.path, 'pipe.md'))
  expect(await listLines(await openPlainLoader({ roots: [{ path: folder.path, name: 'r' }] }))).toEqual([
    'r/pipe.md SPECIAL_FILE',
  ])
})

// A socket is a file only on POSIX systems, and its path may not be long.
test.skipIf(process.platform === 'win32')('a socket is reported and not opened', async () => {
  await using folder = await temporaryFolder()
  const server = createServer((connection) => connection.destroy())
  let connections = 0
  server.on('connection', () => connections++)
  await new Promise<void>((resolve) => {
    server.listen(join(folder.path, 'socket.md'), resolve)
  })
  const loader = await openPlainLoader({ roots: [{ path: folder.path, name: 'r' }] })
  expect(await listLines(loader)).toEqual(['r/socket.md SPECIAL_FILE'])
  expect(await loader.explain(join(folder.path, 'socket.md'))).toMatchObject({ reason: 'SPECIAL_FILE' })
  server.close()
  expect(connections).toBe(0)
})

test('a root that is itself a link has the name of the folder it leads to', async () => {
  await using folder = await temporaryFolder()
  await writeTree(folder.path, { 'real/a.md': '' })
  await symlink('real', join(folder.path, 'alias'))
  const loader = await openPlainLoader({ roots: [{ path: join(folder.path, 'alias') }] })
  expect(await listLines(loader)).toEqual(['real/a.md'])
  expect(loader.roots).toEqual([{ name: 'real', path: join(folder.path, 'real') }])
})

describe('faults', () => {
  test('an unreadable folder is one entry under which everything is protected', async () => {
    const lines = await linesOf({ locked: { fault: 'EACCES' }, 'locked.md': 'x', z: { 'x.md': '' } })
    expect(lines).toEqual(['r/locked.md', 'r/locked UNREADABLE', 'r/z/x.md'])
  })

  test('an unreadable file, and one that vanished during the walk, is an entry', async () => {
    expect(await linesOf({ 'a.md': { fault: 'EIO' }, 'b.md': { fault: 'ENOENT' } })).toEqual([
      'r/a.md UNREADABLE',
      'r/b.md UNREADABLE',
    ])
  })

  test('a name that is not valid UTF-8 is BAD_FILENAME, a name with a real U+FFFD is not', async () => {
    const lines = await linesOf({
      'caf\uFFFD.md': { fault: 'ENOENT' },
      'real\uFFFD.md': 'x',
      'x\uFFFD': { fault: 'ENOENT' },
    })
    expect(lines).toEqual(['r/caf\uFFFD.md BAD_FILENAME', 'r/real\uFFFD.md', 'r/x\uFFFD BAD_FILENAME'])
  })

  test('of two names that are one in NFC the first is listed and the second reported under the same id', async () => {
    const lines = await linesOf({
      'e\u0301.md': 'NFD',
      '\u00E9.md': 'NFC',
      'e\u0301': { 'x.md': '' },
      '\u00E9': { 'y.md': '' },
    })
    expect(lines).toEqual(['r/\u00E9.md', 'r/\u00E9.md DUPLICATE_ID', 'r/\u00E9/x.md', 'r/\u00E9 DUPLICATE_ID'])
  })

  test('ids are NFC whatever the disk says', async () => {
    expect(await linesOf({ 'e\u0301': { 'u\u0308.md': '' } })).toEqual(['r/\u00E9/\u00FC.md'])
  })

  test('a file above the limit is skipped with both sizes', async () => {
    await using folder = await temporaryFolder()
    await writeTree(folder.path, { 'a.md': '12345', 'b.md': '123456', 'c.bin': '1234567' })
    const entries = await listEntries(
      await openPlainLoader({ roots: [{ path: folder.path, name: 'r' }], maxFileBytes: 5 }),
    )
    expect(entries).toMatchObject([
      { type: 'source', source: { id: 'r/a.md', size: 5 } },
      { type: 'skipped', id: 'r/b.md', reason: 'TOO_LARGE', detail: '6 bytes; maxFileBytes is 5' },
      { type: 'skipped', id: 'r/c.bin', reason: 'UNSUPPORTED' },
    ])
  })
})

test('a name of bytes that are no UTF-8 on a real disk does not end the listing', async () => {
  await using folder = await temporaryFolder()
  const root = join(folder.path, 'r')
  await mkdir(root)
  await writeFile(join(root, 'a.md'), '')
  const bad = Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9]), Buffer.from('.md')])
  // Some file systems refuse such a name; then there is nothing to report.
  const written = await writeFile(bad, '').then(
    () => true,
    () => false,
  )
  const expected = written ? ['r/a.md', 'r/caf\uFFFD.md BAD_FILENAME'] : ['r/a.md']
  expect(await listLines(await openPlainLoader({ roots: [{ path: root }] }))).toEqual(expected)
})
