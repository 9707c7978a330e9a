import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '@quern/test-fixtures'
import { openFileLoader } from '../src/index.ts'
import { listLines } from './list-entries.ts'
import { writeTree } from './write-tree.ts'

const tree = {
  '.gitignore': 'drafts/\n*.log\n',
  'a.md': 'a',
  'b.bin': 'b',
  'c.log': 'c',
  'data.jsonl': '{}',
  'drafts/deep/x.md': 'x',
  'guide/intro.md': 'long text',
  'node_modules/p/readme.md': 'p',
  'out/y.md': 'y',
}

test('a path is explained by what decides on it', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'r')
  await writeTree(path, tree)
  await symlink('nowhere', join(path, 'dead.md'))
  await using loader = await openFileLoader({ roots: [{ path }], exclude: ['out/**'], maxFileBytes: 8 })
  const explain = (name: string) => loader.explain(join(path, name))
  expect(await explain('a.md')).toEqual({ type: 'listed', id: 'r/a.md', format: 'markdown', asRecords: false })
  expect(await explain('data.jsonl')).toEqual({ type: 'listed', id: 'r/data.jsonl', format: 'jsonl', asRecords: true })
  expect(await explain('b.bin')).toMatchObject({ type: 'skipped', reason: 'UNSUPPORTED' })
  expect(await explain('c.log')).toMatchObject({ reason: 'IGNORED', detail: expect.stringContaining('.gitignore') })
  expect(await explain('drafts/deep/x.md')).toMatchObject({ type: 'skipped', id: 'r/drafts', reason: 'IGNORED' })
  expect(await explain('node_modules/p/readme.md')).toMatchObject({
    id: 'r/node_modules',
    detail: 'installed packages',
  })
  expect(await explain('out/y.md')).toMatchObject({ reason: 'IGNORED', detail: 'excluded by out/**' })
  expect(await explain('guide/intro.md')).toMatchObject({ reason: 'TOO_LARGE' })
  expect(await explain('dead.md')).toMatchObject({ reason: 'BROKEN_LINK' })
  expect(await explain('guide')).toEqual({ type: 'folder', id: 'r/guide' })
  expect(await explain('.')).toEqual({ type: 'folder', id: 'r' })
  expect(await explain('none.md')).toEqual({ type: 'missing', id: 'r/none.md' })
  expect(await explain('a.md/x')).toEqual({ type: 'missing', id: 'r/a.md/x' })
  expect(await explain('../other.md')).toEqual({ type: 'outside' })
})

test('for every file the explanation is what the listing says', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'r')
  await writeTree(path, tree)
  await mkdir(join(path, 'empty'))
  await using loader = await openFileLoader({ roots: [{ path }] })
  const listed = await listLines(loader)
  for (const file of Object.keys(tree).filter((name) => name !== '.gitignore' && name !== 'data.jsonl')) {
    const found = await loader.explain(join(path, file))
    const line = found.type === 'skipped' ? `${found.id} ${found.reason}` : `r/${file}`
    expect(listed).toContain(line)
  }
})

test('a single file that is a root is explained, its neighbours are outside', async () => {
  await using folder = await temporaryFolder()
  await writeTree(folder.path, tree)
  await using loader = await openFileLoader({ roots: [{ path: join(folder.path, 'c.log'), name: 'n' }] })
  expect(await loader.explain(join(folder.path, 'c.log'))).toMatchObject({ type: 'listed', id: 'n/c.log' })
  expect(await loader.explain(join(folder.path, 'a.md'))).toEqual({ type: 'outside' })
})

test('a reader of your own reads its ending, and comes before the built-in ones', async () => {
  await using folder = await temporaryFolder()
  await writeTree(folder.path, { 'a.note': 'one', 'b.md': 'two' })
  const reader = {
    name: 'note',
    version: 1,
    mediaType: 'text/x-note',
    extensions: ['.note', '.md'],
    read: async ({ bytes }: { bytes: Uint8Array }) => ({
      pageContent: `note: ${Buffer.from(bytes).toString()}`,
      metadata: {},
    }),
  }
  await using loader = await openFileLoader({ roots: [{ path: folder.path, name: 'r' }], readers: [reader] })
  const texts: string[] = []
  for await (const entry of loader.list()) {
    if (entry.type === 'source') texts.push((await entry.source.load()).document.pageContent)
  }
  expect(texts).toEqual(['note: one', 'note: two'])
  for (const change of [
    { name: '' },
    { version: 1.5 },
    { mediaType: 'x' },
    { extensions: ['md'] },
    { extensions: [] },
  ]) {
    const opening = openFileLoader({ roots: [{ path: folder.path }], readers: [{ ...reader, ...change }] })
    await expect(opening).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  }
})
