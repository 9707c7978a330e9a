import { rm, symlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { isQuernError } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { listLines } from './list-entries.ts'
import { createMemoryFileSystem } from './memory-file-system.ts'
import { openPlainLoader } from './plain-reader.ts'
import { writeTree } from './write-tree.ts'

const folders = { one: { docs: { 'a.md': '', sub: { 'b.md': '' } } }, two: { docs: { 'c.md': '' } } }
const fileSystem = createMemoryFileSystem(folders)

describe('names of roots', () => {
  test('two folders of one name are refused with the way to name them', async () => {
    const opening = openPlainLoader({ roots: [{ path: '/one/docs' }, { path: '/two/docs' }] }, { fileSystem })
    await expect(opening).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: 'two roots have the name docs: /one/docs and /two/docs',
      hint: expect.stringContaining('sources: [{ path: "one/docs", name: "one" }'),
    })
  })

  test('a given name takes the place of the folder name', async () => {
    const roots = [{ path: '/one/docs' }, { path: '/two/docs', name: 'second' }]
    expect(await listLines(await openPlainLoader({ roots }, { fileSystem }))).toEqual([
      'docs/a.md',
      'docs/sub/b.md',
      'second/c.md',
    ])
  })

  test('names that differ only in normalisation are one name', async () => {
    const roots = [
      { path: '/one/docs', name: 'e\u0301' },
      { path: '/two/docs', name: '\u00E9' },
    ]
    await expect(openPlainLoader({ roots }, { fileSystem })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })

  test.each(['', ' ', '.', '..', 'a/b', 'a\\b', 'a\nb'])('%j is no name', async (name) => {
    const opening = openPlainLoader({ roots: [{ path: '/one/docs', name }] }, { fileSystem })
    await expect(opening).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })

  test('the root of the disk needs a name', async () => {
    await expect(openPlainLoader({ roots: [{ path: '/' }] }, { fileSystem })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    })
    const loader = await openPlainLoader({ roots: [{ path: '/', name: 'disk' }] }, { fileSystem })
    expect(await listLines(loader)).toEqual(['disk/one/docs/a.md', 'disk/one/docs/sub/b.md', 'disk/two/docs/c.md'])
  })
})

describe('roots that meet', () => {
  test('the same folder twice is one root', async () => {
    const loader = await openPlainLoader({ roots: [{ path: '/two/docs' }, { path: '/two/docs/' }] }, { fileSystem })
    expect(await listLines(loader)).toEqual(['docs/c.md'])
  })

  test('one folder under two names is refused', async () => {
    const roots = [
      { path: '/two/docs', name: 'a' },
      { path: '/two/docs', name: 'b' },
    ]
    await expect(openPlainLoader({ roots }, { fileSystem })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: '/two/docs is given twice, as a and as b',
    })
  })

  test.each(['/one/docs/sub', '/one/docs/sub/b.md'])('%s beside the folder above it is refused', async (path) => {
    for (const roots of [
      [{ path }, { path: '/one/docs' }],
      [{ path: '/one/docs' }, { path }],
    ]) {
      await expect(openPlainLoader({ roots }, { fileSystem })).rejects.toMatchObject({
        code: 'OPTION_INVALID',
        message: expect.stringContaining('/one/docs/sub lies inside the root /one/docs'),
      })
    }
  })

  test('a folder is no obstacle to a file of the folder above it', async () => {
    const roots = [{ path: '/one/docs/a.md' }, { path: '/one/docs/sub' }]
    expect(await listLines(await openPlainLoader({ roots }, { fileSystem }))).toEqual(['docs/a.md', 'sub/b.md'])
  })

  test('two links to one folder are one root', async () => {
    await using folder = await temporaryFolder()
    await writeTree(folder.path, { 'real/a.md': '' })
    await symlink('real', join(folder.path, 'alias'))
    const roots = ['alias', 'real'].map((name) => ({ path: join(folder.path, name) }))
    expect(await listLines(await openPlainLoader({ roots }))).toEqual(['real/a.md'])
  })
})

describe('single files', () => {
  test('only the named files of a folder are listed, under the name of the folder', async () => {
    await using folder = await temporaryFolder()
    await writeTree(folder.path, { 'docs/b.md': '', 'docs/a.md': '', 'docs/c.md': '', 'docs/sub/d.md': '' })
    const roots = ['b.md', 'a.md', 'b.md'].map((name) => ({ path: relative('.', join(folder.path, 'docs', name)) }))
    const loader = await openPlainLoader({ roots })
    expect(await listLines(loader)).toEqual(['docs/a.md', 'docs/b.md'])
    expect(loader.roots).toEqual([{ name: 'docs', path: join(folder.path, 'docs') }])
  })

  test('a named file is listed even if hidden or ignored, but not if no reader knows it', async () => {
    await using folder = await temporaryFolder()
    await writeTree(folder.path, { 'r/.gitignore': '*', 'r/.a.md': '', 'r/b.md': '', 'r/c.bin': '' })
    const roots = ['.a.md', 'b.md', 'c.bin'].map((name) => ({ path: join(folder.path, 'r', name) }))
    expect(await listLines(await openPlainLoader({ roots }))).toEqual(['r/.a.md', 'r/b.md', 'r/c.bin UNSUPPORTED'])
  })

  test('a file beside its own folder adds nothing', async () => {
    const roots = [{ path: '/one/docs/a.md' }, { path: '/one/docs' }]
    expect(await listLines(await openPlainLoader({ roots }, { fileSystem }))).toEqual(['docs/a.md', 'docs/sub/b.md'])
  })
})

describe('roots that cannot be listed', () => {
  test('there must be one', async () => {
    await expect(openPlainLoader({ roots: [] })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
    await expect(openPlainLoader({ roots: [{ path: '' }] })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })

  test('a missing root is named', async () => {
    await expect(openPlainLoader({ roots: [{ path: '/nowhere' }] }, { fileSystem })).rejects.toMatchObject({
      code: 'ROOT_NOT_FOUND',
      message: 'there is no file or folder /nowhere',
    })
  })

  test('an unreadable root is told from a missing one', async () => {
    const locked = createMemoryFileSystem({ r: { fault: 'EACCES' } })
    await expect(openPlainLoader({ roots: [{ path: '/r' }] }, { fileSystem: locked })).rejects.toMatchObject({
      code: 'ROOT_UNREADABLE',
      message: '/r cannot be read: EACCES: /r',
    })
  })

  test.each(['docs', 'docs/a.md'])(
    'a listing rejects when %s has vanished since, before it yields anything',
    async (gone) => {
      await using folder = await temporaryFolder()
      await writeTree(folder.path, { 'a/x.md': '', 'docs/a.md': '' })
      const loader = await openPlainLoader({ roots: ['a', gone].map((name) => ({ path: join(folder.path, name) })) })
      await rm(join(folder.path, gone), { recursive: true })
      const met: string[] = []
      const listing = (async () => {
        for await (const entry of loader.list()) met.push(entry.type)
      })()
      await expect(listing).rejects.toSatisfy((error) => isQuernError(error, 'ROOT_NOT_FOUND'))
      expect(met).toEqual([])
    },
  )
})
