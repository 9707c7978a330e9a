import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { compareStrings } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFileLoader } from '../src/create-file-loader.ts'
import { listSources } from './list-entries.ts'
import { plainReader } from './plain-reader.ts'
import { writeTree } from './write-tree.ts'

const run = promisify(execFile)

/** What git would add from a folder: all that is there and not ignored. Its index lies elsewhere and is empty, so that nothing is tracked. */
async function filesOfGit(workTree: string): Promise<string[]> {
  await using elsewhere = await temporaryFolder()
  const env = {
    ...process.env,
    GIT_DIR: elsewhere.path,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
  }
  await run('git', ['init', '--quiet', '--bare', elsewhere.path], { env })
  const command = ['--work-tree', workTree, 'ls-files', '-z', '--others', '--exclude-standard']
  const { stdout } = await run('git', command, { env, cwd: workTree, maxBuffer: 2 ** 28 })
  return stdout.split('\0').filter((path) => path !== '')
}

/** What the loader lists where every file has a reader. */
async function filesOfLoader(path: string): Promise<string[]> {
  const options = { roots: [{ path, name: 'r' }], hidden: true }
  const parts = { findReader: () => plainReader, closeReaders: async () => {} }
  const sources = await listSources(await createFileLoader(options, parts))
  // Records, and they alone, have their hash in the listing.
  return sources.filter(({ contentHash }) => contentHash === undefined).map(({ id }) => id.slice(2))
}

/** Files that the loader leaves out beside git's rules, or lists record by record. */
const leftOut =
  /(?:^|\/)(?:pnpm-lock\.yaml|package-lock\.json|npm-shrinkwrap\.json|node_modules\/.*|.*\.(?:jsonl|ndjson))$/

test('what is listed of this repository is what git lists', async () => {
  const repository = fileURLToPath(new URL('../../../', import.meta.url))
  // Somebody may be working in it: only a tree that stands still can be compared.
  for (let attempt = 0; ; attempt++) {
    const before = await filesOfGit(repository)
    const listed = await filesOfLoader(repository)
    const after = await filesOfGit(repository)
    if (attempt < 5 && before.join('\0') !== after.join('\0')) continue
    const expected = after.filter((path) => !leftOut.test(path)).toSorted(compareStrings)
    expect(expected.length).toBeGreaterThan(500)
    expect(listed).toEqual(expected)
    return
  }
})

const name = fc.constantFrom('a', 'b', 'ab', 'a.md', 'b.txt', 'build', 'x y')
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))
const part = fc.constantFrom('a', 'b', 'ab', 'a.md', 'build', '*', '*.md', 'a*', '?', '[ab]', '[!a]*', '**', 'x y')
const rule = fc
  .record({
    negated: fc.boolean(),
    anchored: fc.boolean(),
    parts: fc
      .array(part, { minLength: 1, maxLength: 3 })
      .filter((parts) => parts.filter((each) => each === '**').length < 2),
    folder: fc.boolean(),
  })
  .map(({ negated, anchored, parts, folder }) => {
    return `${negated ? '!' : ''}${anchored ? '/' : ''}${parts.join('/')}${folder ? '/' : ''}`
  })
const rules = fc.array(rule, { maxLength: 4 }).map((lines) => `${lines.join('\n')}\n`)

test('of any tree with any rules in any folder the loader lists what git lists', async () => {
  const trees = fc.record({
    paths: fc.array(path, { minLength: 1, maxLength: 12 }),
    ignoreFiles: fc.dictionary(fc.constantFrom('', 'a/', 'b/', 'a/b/', 'build/'), rules, { minKeys: 1, maxKeys: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(trees, async ({ paths, ignoreFiles }) => {
      await using folder = await temporaryFolder()
      // A name may stand for a file or a folder, not both.
      const files = paths.filter((one) => !paths.some((other) => other.startsWith(`${one}/`)))
      await writeTree(folder.path, Object.fromEntries(files.map((file) => [file, ''])))
      for (const [place, text] of Object.entries(ignoreFiles)) {
        const isFree = !files.some((file) => `${place}/`.startsWith(`${file}/`))
        if (isFree) await writeTree(folder.path, { [`${place}.gitignore`]: text })
      }
      expect(await filesOfLoader(folder.path)).toEqual((await filesOfGit(folder.path)).toSorted(compareStrings))
    }),
    { numRuns: 40 },
  )
})
