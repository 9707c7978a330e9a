import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPathFilter } from '../src/path-filter.ts'
import { listLines, listSources } from './list-entries.ts'
import { createMemoryFileSystem } from './memory-file-system.ts'
import { openPlainLoader } from './plain-reader.ts'

const fileSystem = createMemoryFileSystem({
  r: {
    'a.md': '',
    'README.MD': '',
    'b.txt': '',
    guide: { 'a.md': '', deep: { 'b.md': '' }, 'c.txt': '' },
    drafts: { 'x.md': '', 'y.md': '' },
    '.gitignore': '/drafts/y.md',
    '.hidden': { 'x.md': '' },
    node_modules: { 'x.md': '' },
  },
})

async function idsOf(options: { include?: string[]; exclude?: string[] }): Promise<string[]> {
  const loader = await openPlainLoader({ roots: [{ path: '/r' }], ...options }, { fileSystem })
  return (await listSources(loader)).map(({ id }) => id.slice(2))
}

describe('include and exclude', () => {
  test('globs are matched on the whole path, without regard to case', async () => {
    expect(await idsOf({ include: ['*.md'] })).toEqual(['README.MD', 'a.md'])
    expect(await idsOf({ include: ['**/*.md'], exclude: ['guide/*.md'] })).toEqual([
      'README.MD',
      'a.md',
      'drafts/x.md',
      'guide/deep/b.md',
    ])
    expect(await idsOf({ include: ['guide/**'] })).toEqual(['guide/a.md', 'guide/c.txt', 'guide/deep/b.md'])
    expect(await idsOf({ include: ['./*.{md,txt}'] })).toEqual(['README.MD', 'a.md', 'b.txt'])
  })

  test.each(['drafts', 'drafts/', 'drafts/**', './drafts'])(
    'the exclude glob %s leaves out the whole folder',
    async (glob) => {
      const ids = await idsOf({ exclude: [glob] })
      expect(ids).toEqual(['README.MD', 'a.md', 'b.txt', 'guide/a.md', 'guide/c.txt', 'guide/deep/b.md'])
    },
  )

  test('exclude wins over include, and include brings back nothing that is ignored', async () => {
    expect(await idsOf({ include: ['a.md'], exclude: ['a.md'] })).toEqual([])
    expect(await idsOf({ include: ['drafts/**', '.hidden/**', 'node_modules/**'] })).toEqual(['drafts/x.md'])
  })

  test('a glob with ! takes back what those before it say, but not what is in an excluded folder', async () => {
    expect(await idsOf({ include: ['**/*.md', '!guide/**', 'guide/deep/*'] })).toEqual([
      'README.MD',
      'a.md',
      'drafts/x.md',
      'guide/deep/b.md',
    ])
    expect(await idsOf({ include: ['!**/*.md'] })).toEqual(['b.txt', 'guide/c.txt'])
    expect(await idsOf({ exclude: ['**/*.md', '!a.md'] })).toEqual(['a.md', 'b.txt', 'guide/c.txt'])
    expect(await idsOf({ exclude: ['guide/**', '!guide/a.md', 'b.txt'] })).toEqual(['README.MD', 'a.md', 'drafts/x.md'])
    expect(await idsOf({ exclude: ['guide/*', '!guide/a.md', '!drafts'] })).toContain('guide/a.md')
    expect(await idsOf({ include: ['!(b).txt'] })).toEqual([])
  })

  test('what is left out is reported once', async () => {
    const loader = await openPlainLoader(
      { roots: [{ path: '/r' }], include: ['**/*.txt'], exclude: ['guide'] },
      { fileSystem },
    )
    expect(await listLines(loader)).toEqual([
      'r/.gitignore IGNORED',
      'r/.hidden IGNORED',
      'r/README.MD IGNORED',
      'r/a.md IGNORED',
      'r/b.txt',
      'r/drafts/x.md IGNORED',
      'r/drafts/y.md IGNORED',
      'r/guide IGNORED',
      'r/node_modules IGNORED',
    ])
  })

  test.each(['', ' ', '/abs/*.md', '../x', 'a/../../b', '!', '!../a', '!!a.md', '[a', '{a', '(a', 'a)'])(
    '%j is refused',
    (glob) => {
      expect(() => createPathFilter([glob], [])).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
      expect(() => createPathFilter([], [glob])).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
    },
  )
})

describe('covers', () => {
  const cases = [
    { id: 'r/a.md', covered: true, why: 'a supported file below a root, whether it exists or not' },
    { id: 'r/gone/deep/x.md', covered: true, why: 'likewise' },
    { id: 'r/drafts/y.md', covered: true, why: 'ignore files do not decide' },
    { id: 'r/UPPER.TXT', covered: true, why: 'endings have no case' },
    { id: 'r/a.bin', covered: false, why: 'no reader' },
    { id: 'r/a', covered: false, why: 'no ending' },
    { id: 'r', covered: false, why: 'the root is no file' },
    { id: 'r/', covered: false, why: 'no name' },
    { id: 'r//a.md', covered: false, why: 'no id of a file' },
    { id: 'ra/a.md', covered: false, why: 'another root' },
    { id: 'other/a.md', covered: false, why: 'another root' },
    { id: 'r/.hidden/a.md', covered: false, why: 'hidden' },
    { id: 'r/x/node_modules/a.md', covered: false, why: 'packages' },
    { id: 'r/excluded/deep/a.md', covered: false, why: 'the folder is excluded' },
    { id: 'r/a.md#4711', covered: false, why: 'a record' },
  ]
  test.each(cases)('$id is $covered: $why', async ({ id, covered }) => {
    const loader = await openPlainLoader({ roots: [{ path: '/r' }], exclude: ['excluded'] }, { fileSystem })
    expect(loader.covers(id)).toBe(covered)
  })

  test('of a single file covers that file alone', async () => {
    const loader = await openPlainLoader({ roots: [{ path: '/r/a.md' }, { path: '/r/.hidden/x.md' }] }, { fileSystem })
    expect(['r/a.md', 'r/b.txt', 'r/guide/a.md', '.hidden/x.md'].map((id) => loader.covers(id))).toEqual([
      true,
      false,
      false,
      true,
    ])
  })

  test('holds for every listed source, whatever the globs', async () => {
    const glob = fc.constantFrom(
      '*',
      '**',
      '*.md',
      '**/*.md',
      'guide',
      'guide/*',
      'guide/**',
      'drafts/**',
      '**/a.*',
      '**/deep',
      '!a.md',
      '!guide/**',
      '!**/deep/*',
    )
    const globs = fc.array(glob, { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(globs, globs, async (include, exclude) => {
        const loader = await openPlainLoader({ roots: [{ path: '/r' }], include, exclude }, { fileSystem })
        const sources = await listSources(loader)
        expect(sources.filter(({ id }) => !loader.covers(id))).toEqual([])
      }),
    )
  })
})
