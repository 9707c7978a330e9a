import { expect, test } from 'vitest'
import type { FileFacts } from '../src/file-system.ts'
import { listLines, listSources } from './list-entries.ts'
import { createMemoryFileSystem } from './memory-file-system.ts'
import type { MemoryNode } from './memory-file-system.ts'
import { openPlainLoader } from './plain-reader.ts'

const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${1000 + index}.md`, 'text']))

/** A disk on which every look at a file takes a few turns of the event loop, and what was looked at. */
function createSlowDisk(tree: MemoryNode) {
  const disk = createMemoryFileSystem(tree)
  const looks = { running: 0, most: 0, paths: [] as string[], moments: new Map<string, number>() }
  const inspect = async (path: string): Promise<FileFacts> => {
    looks.paths.push(path)
    looks.running++
    looks.most = Math.max(looks.most, looks.running)
    looks.moments.set(path, Date.now())
    try {
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
      return await disk.inspect(path)
    } finally {
      looks.running--
    }
  }
  return { fileSystem: { ...disk, inspect }, looks }
}

test('files of a folder are looked at together, no more than 32 at a time, and come in order', async () => {
  const { fileSystem, looks } = createSlowDisk({ r: many })
  const loader = await openPlainLoader({ roots: [{ path: '/r' }] }, { fileSystem })
  expect(await listLines(loader)).toEqual(Object.keys(many).map((name) => `r/${name}`))
  expect(looks.most).toBe(32)
})

test('a file with a fault among them is told in its place', async () => {
  const { fileSystem } = createSlowDisk({ r: { ...many, '1001.md': { fault: 'EIO' }, '1003.md': { fault: 'ENOENT' } } })
  const loader = await openPlainLoader({ roots: [{ path: '/r' }] }, { fileSystem })
  const lines = await listLines(loader)
  expect(lines.slice(0, 5)).toEqual([
    'r/1000.md',
    'r/1001.md UNREADABLE',
    'r/1002.md',
    'r/1003.md UNREADABLE',
    'r/1004.md',
  ])
  expect(lines).toHaveLength(100)
})

test('nothing behind a folder or a file of records is looked at before it is done with', async () => {
  const { fileSystem, looks } = createSlowDisk({
    r: { 'a.md': '', b: { 'x.md': '' }, 'c.md': '', 'd.jsonl': '', 'e.md': '' },
  })
  const loader = await openPlainLoader({ roots: [{ path: '/r' }] }, { fileSystem })
  looks.paths.length = 0
  const seen: [string, readonly string[]][] = []
  for await (const entry of loader.list()) {
    const id = entry.type === 'source' ? entry.source.id : entry.id
    seen.push([id, looks.paths.filter((path) => path.endsWith('.md') || path.endsWith('.jsonl'))])
  }
  const looked = ['/r/a.md', '/r/b/x.md', '/r/c.md', '/r/d.jsonl', '/r/e.md']
  expect(seen).toEqual([
    ['r/a.md', looked.slice(0, 1)],
    ['r/b/x.md', looked.slice(0, 2)],
    ['r/c.md', looked.slice(0, 3)],
    // It cannot be read on a disk that is in memory.
    ['r/d.jsonl', looked.slice(0, 4)],
    ['r/e.md', looked],
  ])
})

test('nothing is looked at that is not listed: outside the part, ignored, or without a reader', async () => {
  const { fileSystem, looks } = createSlowDisk({
    r: {
      '.gitignore': 'b.md',
      part: { '.gitignore': 'x.md', 'u.md': '', 'v.bin': '', 'w.md': '', 'x.md': '', 'y.md': '' },
      'z.md': '',
    },
  })
  const loader = await openPlainLoader(
    { roots: [{ path: '/r', only: ['part'] }], exclude: ['**/w.md'] },
    { fileSystem },
  )
  expect((await listSources(loader)).map(({ id }) => id)).toEqual(['r/part/u.md', 'r/part/y.md'])
  expect(looks.paths.filter((path) => path.startsWith('/r/part/'))).toEqual(['/r/part/u.md', '/r/part/y.md'])
  expect(looks.paths).not.toContain('/r/z.md')
})

test('a listing that is left early ends when nothing is looked at, and looks at nothing more', async () => {
  const { fileSystem, looks } = createSlowDisk({ r: many })
  const loader = await openPlainLoader({ roots: [{ path: '/r' }] }, { fileSystem })
  for await (const entry of loader.list()) {
    expect(entry).toMatchObject({ source: { id: 'r/1000.md' } })
    expect(looks.running).toBeGreaterThan(0)
    break
  }
  expect(looks.running).toBe(0)
  const { length } = looks.paths
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
  expect(looks.paths).toHaveLength(length)
  expect(length).toBeLessThan(50)
})

test('an aborted listing rejects with the reason when nothing is looked at any more', async () => {
  const { fileSystem, looks } = createSlowDisk({ r: many })
  const loader = await openPlainLoader({ roots: [{ path: '/r' }] }, { fileSystem })
  const aborting = new AbortController()
  const reason = new Error('enough')
  const listing = loader.list({ signal: aborting.signal })[Symbol.asyncIterator]()
  await listing.next()
  await listing.next()
  aborting.abort(reason)
  await expect(listing.next()).rejects.toBe(reason)
  expect(looks.running).toBe(0)
})

test('a file is never said to have been seen later than it was looked at', async () => {
  const { fileSystem, looks } = createSlowDisk({ r: many })
  const loader = await openPlainLoader({ roots: [{ path: '/r' }] }, { fileSystem })
  for await (const entry of loader.list()) {
    if (entry.type !== 'source') throw new Error(`${entry.id} is skipped`)
    const { id, observedAt } = entry.source
    expect(Date.parse(observedAt)).toBeLessThanOrEqual(looks.moments.get(`/${id}`) ?? 0)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
})
