import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RootOptions } from '../src/index.ts'
import { listLines } from './list-entries.ts'
import { createMemoryFileSystem } from './memory-file-system.ts'
import { openPlainLoader } from './plain-reader.ts'
import { writeTree } from './write-tree.ts'

const tree = {
  'a.md': '',
  b: { 'c.md': '', d: { 'e.md': '', 'f.png': '' } },
  'b.md': '',
  bc: { 'g.md': '' },
  locked: { fault: 'EACCES' },
} as const

async function linesOf(...roots: Omit<RootOptions, 'path'>[]): Promise<string[]> {
  return listLines(
    await openPlainLoader(
      { roots: roots.map((root) => Object.assign({ path: '/r' }, root)) },
      { fileSystem: createMemoryFileSystem({ r: tree }) },
    ),
  )
}

test('only the named part of a root is listed, with the ids of the whole', async () => {
  expect(await linesOf({ only: ['b'] })).toEqual(['r/b/c.md', 'r/b/d/e.md', 'r/b/d/f.png UNSUPPORTED'])
  expect(await linesOf({ only: ['b/d/e.md'], name: 'x' })).toEqual(['x/b/d/e.md'])
  expect(await linesOf({ only: ['b/d/', 'a.md'] })).toEqual(['r/a.md', 'r/b/d/e.md', 'r/b/d/f.png UNSUPPORTED'])
})

test('parts of one root add up, and the whole takes them in', async () => {
  expect(await linesOf({ only: ['b/d/e.md'] }, { only: ['b.md'] })).toEqual(['r/b.md', 'r/b/d/e.md'])
  expect(await linesOf({ only: ['b.md'] }, {})).toEqual(await linesOf({}))
})

test('a part covers itself and no more, so that nothing beside it is ever retired', async () => {
  const loader = await openPlainLoader(
    { roots: [{ path: '/r', only: ['b', 'gone/x.jsonl'] }] },
    { fileSystem: createMemoryFileSystem({ r: { b: { 'c.md': '' }, gone: { 'x.jsonl': '' } } }) },
  )
  const ids = [
    'r/b/c.md',
    'r/b/gone/z.md',
    'r/gone/x.jsonl#1',
    'r/a.md',
    'r/b.md',
    'r/bc/c.md',
    'r/gone/y.jsonl#1',
    'r/b',
  ]
  expect(ids.filter((id) => loader.covers(id))).toEqual(['r/b/c.md', 'r/b/gone/z.md', 'r/gone/x.jsonl#1'])
  expect(await loader.explain('/r/b/c.md')).toMatchObject({ type: 'listed' })
  expect(await loader.explain('/r/gone')).toMatchObject({ type: 'folder' })
  expect(await loader.explain('/r/other.md')).toEqual({ type: 'outside' })
})

test('rules of the whole root hold in the part', async () => {
  await using folder = await temporaryFolder()
  await writeTree(folder.path, { '.indexignore': 'b/no*\n', 'b/no.md': '', 'b/yes.md': '', 'b/deep/nothing/x.md': '' })
  await symlink('b', join(folder.path, 'link'))
  const lines = async (only: string[], exclude: string[] = []): Promise<string[]> =>
    listLines(await openPlainLoader({ roots: [{ path: folder.path, name: 'r', only }], exclude }))
  expect(await lines(['b'])).toEqual(['r/b/deep/nothing/x.md', 'r/b/no.md IGNORED', 'r/b/yes.md'])
  expect(await lines(['b/no.md'])).toEqual(['r/b/no.md IGNORED'])
  expect(await lines(['b/deep/nothing/x.md'], ['b/deep'])).toEqual(['r/b/deep IGNORED'])
  expect(await lines(['link/yes.md'])).toEqual(['r/link SYMLINK'])
})

test('a part that is not there is an error at opening and at listing, and nothing is taken for deleted', async () => {
  await expect(linesOf({ only: ['gone'] })).rejects.toMatchObject({ code: 'ROOT_NOT_FOUND' })
  await expect(linesOf({ only: ['a.md/x'] })).rejects.toMatchObject({ code: 'ROOT_NOT_FOUND' })
  await expect(linesOf({ only: ['locked'] })).rejects.toMatchObject({ code: 'ROOT_UNREADABLE' })
})

test.each([[[]], [['']], [['..']], [['b/../a.md']], [['/b']], [['./b']]])('%j is no part of a root', async (only) => {
  await expect(linesOf({ only })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})

test('a part of a file, and a part beside a file, are refused', async () => {
  const fileSystem = createMemoryFileSystem({ r: tree })
  const open = (...roots: RootOptions[]): Promise<unknown> => openPlainLoader({ roots }, { fileSystem })
  await expect(open({ path: '/r/a.md', only: ['x'] })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  await expect(open({ path: '/r/a.md' }, { path: '/r', only: ['b'] })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})

test('the parts of a root are together what the root is', async () => {
  const name = fc.constantFrom('a', 'b', 'ab', 'é')
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join('/')}.md`)
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(path, { minLength: 1, maxLength: 12 }), async (paths) => {
      await using folder = await temporaryFolder()
      await writeTree(folder.path, Object.fromEntries(paths.map((each) => [each, ''])))
      const open = (only?: string[]): ReturnType<typeof openPlainLoader> =>
        openPlainLoader({ roots: [{ path: folder.path, name: 'r', only }] })
      const whole = await listLines(await open())
      const tops = [...new Set(paths.map((each) => each.split('/', 1)[0] ?? ''))]
      const parts = await Promise.all(tops.map(async (top) => listLines(await open([top]))))
      expect(parts.flat().toSorted()).toEqual(whole.toSorted())
    }),
    { numRuns: 25 },
  )
})
