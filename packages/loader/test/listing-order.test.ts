import { compareStrings } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { listLines, listSources } from './list-entries.ts'
import { createMemoryFileSystem } from './memory-file-system.ts'
import type { MemoryNode } from './memory-file-system.ts'
import { openPlainLoader } from './plain-reader.ts'

interface Tree {
  [name: string]: MemoryNode
}

const stem = fc.oneof(
  fc.constantFrom('a', 'a-b', 'a b', 'a+', 'a0', 'A', 'é', 'e\u0301', '\uE000', '😀', 'ｚ', 'a!'),
  fc.string({ unit: fc.constantFrom('a', 'b', '-', '!', '0', '~', 'é', '😀', '\uFFEE'), minLength: 1, maxLength: 3 }),
)
const fileName = stem.map((name) => `${name}.md`)
const files = fc.dictionary(fileName, fc.constant('text'), { maxKeys: 6 })
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc
    .tuple(files, fc.dictionary(stem, fc.oneof({ maxDepth: 3 }, files, tie('tree')), { maxKeys: 4 }))
    .map((parts) => Object.assign({}, ...parts) as Tree),
}))

function pathsOf(node: Tree, above: string): string[] {
  return Object.entries(node).flatMap(([name, child]) =>
    typeof child === 'string' ? [`${above}/${name}`] : pathsOf(child as Tree, `${above}/${name}`),
  )
}

test('sources come in the order of a full sort of their ids', async () => {
  await fc.assert(
    fc.asyncProperty(tree, async (content) => {
      const loader = await openPlainLoader(
        { roots: [{ path: '/r' }] },
        { fileSystem: createMemoryFileSystem({ r: content }) },
      )
      const ids = (await listSources(loader)).map(({ id }) => id)
      expect(ids).toEqual(ids.toSorted(compareStrings))
      expect(new Set(ids).size).toBe(ids.length)
    }),
  )
})

test('every file gives exactly one entry where no names collide', async () => {
  await fc.assert(
    fc.asyncProperty(tree, async (content) => {
      const names = JSON.stringify(content)
      fc.pre(names === names.normalize('NFC'))
      const paths = pathsOf(content, 'r')
      const loader = await openPlainLoader(
        { roots: [{ path: '/r' }] },
        { fileSystem: createMemoryFileSystem({ r: content }) },
      )
      expect(await listLines(loader)).toEqual(paths.toSorted(compareStrings))
    }),
  )
})

test('a folder stands where its files belong among the files beside it', async () => {
  const fileSystem = createMemoryFileSystem({
    r: { a: { 'x.md': '' }, 'a.md': '', 'a-b.md': '', a0: { 'x.md': '' }, 'a0.md': '', 'a-': { 'z.md': '' } },
  })
  const loader = await openPlainLoader({ roots: [{ path: '/r' }] }, { fileSystem })
  expect(await listLines(loader)).toEqual(['r/a-/z.md', 'r/a-b.md', 'r/a.md', 'r/a/x.md', 'r/a0.md', 'r/a0/x.md'])
})

test('the order runs over all roots, whatever order they are given in', async () => {
  const fileSystem = createMemoryFileSystem({ a: { 'x.md': '' }, 'a-b': { 'x.md': '' }, b: { 'x.md': '' } })
  const loader = await openPlainLoader({ roots: [{ path: '/b' }, { path: '/a' }, { path: '/a-b' }] }, { fileSystem })
  expect(await listLines(loader)).toEqual(['a-b/x.md', 'a/x.md', 'b/x.md'])
  expect(loader.roots.map(({ name }) => name)).toEqual(['a-b', 'a', 'b'])
})

test('the first source arrives before later folders have been read', async () => {
  const folders = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`f${1000 + i}`, { 'x.md': '' }]))
  const fileSystem = createMemoryFileSystem({ r: folders })
  const loader = await openPlainLoader({ roots: [{ path: '/r' }] }, { fileSystem })
  const atOpening = fileSystem.foldersRead()
  const listing = loader.list()[Symbol.asyncIterator]()
  expect((await listing.next()).value).toMatchObject({ type: 'source', source: { id: 'r/f1000/x.md' } })
  expect(fileSystem.foldersRead() - atOpening).toBe(2)
})

test('a second listing equals the first', async () => {
  const fileSystem = createMemoryFileSystem({
    r: { b: { 'x.md': '', 'y.bin': '' }, '.c': {}, 'a.md': '', d: { fault: 'EACCES' } },
  })
  const loader = await openPlainLoader({ roots: [{ path: '/r' }] }, { fileSystem })
  const first = await listLines(loader)
  expect(first).toEqual(['r/.c IGNORED', 'r/a.md', 'r/b/x.md', 'r/b/y.bin UNSUPPORTED', 'r/d UNREADABLE'])
  expect(await listLines(loader)).toEqual(first)
})

test('folders nested a thousand deep are listed', async () => {
  let content: MemoryNode = { 'x.md': '' }
  for (let depth = 0; depth < 1000; depth++) content = { d: content }
  const loader = await openPlainLoader(
    { roots: [{ path: '/r' }] },
    { fileSystem: createMemoryFileSystem({ r: content }) },
  )
  expect(await listLines(loader)).toEqual([`r/${'d/'.repeat(1000)}x.md`])
})
