import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { listEntries, listLines, listSources } from './list-entries.ts'
import { createMemoryFileSystem } from './memory-file-system.ts'
import { openPlainLoader } from './plain-reader.ts'
import { writeTree } from './write-tree.ts'

/** Ids, without the name of the root, of what is listed below a folder of these files. */
async function listedPaths(files: { readonly [path: string]: string }, ignoreFiles = true): Promise<string[]> {
  await using folder = await temporaryFolder()
  await writeTree(folder.path, files)
  const loader = await openPlainLoader({ roots: [{ path: folder.path, name: 'r' }], ignoreFiles })
  return (await listSources(loader)).map(({ id }) => id.slice(2))
}

const empty = (...paths: string[]): { [path: string]: string } => Object.fromEntries(paths.map((path) => [path, '']))

describe('rules of ignore files', () => {
  test('a nested file refines the one above it', async () => {
    const listed = await listedPaths({
      '.gitignore': '*.txt\n!keep.txt\nbuild/\n/top.md\n',
      'sub/.gitignore': '!special.txt\n/own.md\nkeep.txt\n',
      ...empty('a.md', 'a.txt', 'keep.txt', 'top.md', 'build/x.md', 'sub/build/x.md', 'sub/top.md'),
      ...empty('sub/special.txt', 'sub/deep/special.txt', 'sub/own.md', 'sub/deep/own.md', 'sub/keep.txt'),
    })
    expect(listed).toEqual([
      'a.md',
      'keep.txt',
      'sub/deep/own.md',
      'sub/deep/special.txt',
      'sub/special.txt',
      'sub/top.md',
    ])
  })

  test('.indexignore wins over .gitignore in the same folder', async () => {
    const listed = await listedPaths({
      '.gitignore': 'drafts/\n*.txt\n',
      '.indexignore': '!drafts/\nlarge.md\n!a.txt\n',
      ...empty('drafts/x.md', 'drafts/x.txt', 'large.md', 'a.txt', 'b.txt'),
    })
    expect(listed).toEqual(['a.txt', 'drafts/x.md'])
  })

  test('a folder that a nested file brings back is listed, with the other rules in force', async () => {
    const listed = await listedPaths({
      '.gitignore': 'build/\n*.txt\n',
      'sub/.gitignore': '!build/\n',
      ...empty('sub/build/x.md', 'sub/build/x.txt', 'build/x.md'),
    })
    expect(listed).toEqual(['sub/build/x.md'])
  })

  test('nothing in an ignored folder can be brought back', async () => {
    const listed = await listedPaths({
      '.gitignore': 'a/\n!a/keep.md\n',
      'a/.gitignore': '!keep.md\n',
      ...empty('a/keep.md'),
    })
    expect(listed).toEqual([])
  })

  test('patterns with escapes, comments, wildcards and folder names full of signs', async () => {
    const listed = await listedPaths({
      'x[1] #!/.gitignore': '# a comment\n\\#a.md\n\\!b.md\nc?.md\nd/**/e.md\n**/f.md\ng[12].md\n\r\nh.md\r\n/i/*.md\n',
      ...empty(
        'x[1] #!/#a.md',
        'x[1] #!/!b.md',
        'x[1] #!/cc.md',
        'x[1] #!/c.md',
        'x[1] #!/d/1/2/e.md',
        'x[1] #!/d/e.md',
      ),
      ...empty(
        'x[1] #!/z/f.md',
        'x[1] #!/g1.md',
        'x[1] #!/g3.md',
        'x[1] #!/h.md',
        'x[1] #!/i/j.md',
        'x[1] #!/i/k/j.md',
      ),
      ...empty('x1/h.md', 'x1/g1.md'),
    })
    expect(listed).toEqual(['x1/g1.md', 'x1/h.md', 'x[1] #!/c.md', 'x[1] #!/g3.md', 'x[1] #!/i/k/j.md'])
  })

  test('case matters, and Unicode normalisation does not', async () => {
    const listed = await listedPaths({ '.gitignore': 'A.md\ne\u0301.md\n', ...empty('a.md', '\u00E9.md') })
    expect(listed).toEqual(['a.md'])
  })

  test('they can be turned off', async () => {
    const files = { '.gitignore': '*.md', '.indexignore': 'sub/', ...empty('a.md', 'sub/b.md') }
    expect(await listedPaths(files, false)).toEqual(['a.md', 'sub/b.md'])
  })

  test('the entry of an ignored path names the rule', async () => {
    const fileSystem = createMemoryFileSystem({ r: { sub: { '.gitignore': '/x.md', 'x.md': '' } } })
    const entries = await listEntries(await openPlainLoader({ roots: [{ path: '/r' }] }, { fileSystem }))
    expect(entries).toContainEqual({
      type: 'skipped',
      id: 'r/sub/x.md',
      reason: 'IGNORED',
      detail: 'ignored by sub/.gitignore: /x.md',
    })
  })

  test('a folder whose ignore file cannot be read is not listed without its rules', async () => {
    const fileSystem = createMemoryFileSystem({
      r: { sub: { '.gitignore': { fault: 'EACCES' }, 'x.md': '' }, 'y.md': '' },
    })
    expect(await listLines(await openPlainLoader({ roots: [{ path: '/r' }] }, { fileSystem }))).toEqual([
      'r/sub UNREADABLE',
      'r/y.md',
    ])
  })
})

describe('rules above a root', () => {
  test('hold when the root lies in a git repository', async () => {
    await using folder = await temporaryFolder()
    await mkdir(join(folder.path, 'repo/.git'), { recursive: true })
    await writeTree(folder.path, {
      '.gitignore': '*.md',
      'repo/.gitignore': '/docs/secret/\n*.txt\n/a.md\n',
      'repo/docs/.indexignore': '/x.md\n',
      ...empty('repo/docs/a.md', 'repo/docs/b.txt', 'repo/docs/secret/s.md', 'repo/docs/x.md', 'repo/docs/sub/x.md'),
    })
    const loader = await openPlainLoader({ roots: [{ path: join(folder.path, 'repo/docs') }] })
    expect((await listSources(loader)).map(({ id }) => id)).toEqual(['docs/a.md', 'docs/sub/x.md'])
  })

  test('do not hold without a repository', async () => {
    await using folder = await temporaryFolder()
    await writeTree(folder.path, { '.gitignore': '*.md', ...empty('docs/a.md') })
    const loader = await openPlainLoader({ roots: [{ path: join(folder.path, 'docs') }] })
    expect(await listLines(loader)).toEqual(['docs/a.md'])
  })

  test('cannot ignore the root itself, which was named', async () => {
    await using folder = await temporaryFolder()
    await mkdir(join(folder.path, '.git'))
    await writeTree(folder.path, { '.gitignore': 'build/\n*.txt\n', ...empty('build/out/a.md', 'build/out/b.txt') })
    const loader = await openPlainLoader({ roots: [{ path: join(folder.path, 'build/out') }] })
    expect((await listSources(loader)).map(({ id }) => id)).toEqual(['out/a.md'])
  })
})

describe('what is left out without a rule', () => {
  test('hidden names, node_modules and stores, each reported once and not entered', async () => {
    const manifest = '{\n  "format": "quern-store-json",\n  "version": 1\n}\n'
    const fileSystem = createMemoryFileSystem({
      r: {
        '.git': { 'x.md': '' },
        '.hidden.md': '',
        '.quern': { 'x.md': '' },
        node_modules: { p: { 'x.md': '' } },
        store: { 'manifest.json': manifest, 'x.md': '' },
        other: { 'manifest.json': '{ "name": "web" }', 'x.md': '' },
      },
    })
    expect(await listLines(await openPlainLoader({ roots: [{ path: '/r' }] }, { fileSystem }))).toEqual([
      'r/.git IGNORED',
      'r/.hidden.md IGNORED',
      'r/.quern IGNORED',
      'r/node_modules IGNORED',
      'r/other/manifest.json UNSUPPORTED',
      'r/other/x.md',
      'r/store IGNORED',
    ])
  })

  test('but a root with such a name is listed', async () => {
    const fileSystem = createMemoryFileSystem({ node_modules: { '.p': { 'x.md': '' } } })
    const roots = [{ path: '/node_modules/.p' }]
    expect(await listLines(await openPlainLoader({ roots }, { fileSystem }))).toEqual(['.p/x.md'])
  })
})
