import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createChunker } from '@quern/chunker'
import { createMemoryStore } from '@quern/core'
import { openFileLoader } from '@quern/loader'
import type { FileLoaderOptions } from '@quern/loader'
import { indexCorpus } from '@quern/pipeline'
import type { RunReport } from '@quern/pipeline'
import { createFakeEmbedder, temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'

const files = ['a.md', 'b.md', 'c.md', 'd.md', 'e.md', 'sub/f.md', 'sub/deep/g.md']
const indexed = files.map((name) => `docs/${name}`).toSorted()

/** A folder of files, indexed, and what indexes it again. */
async function indexedFolder() {
  const folder = await temporaryFolder()
  const docs = join(folder.path, 'docs')
  await mkdir(join(docs, 'sub', 'deep'), { recursive: true })
  for (const name of files) await writeFile(join(docs, name), `What ${name} says.\n`)
  const space = createFakeEmbedder().space
  const store = createMemoryStore({ space })
  const run = async (
    options: Partial<FileLoaderOptions> = {},
    allowMassDelete = false,
    deleteExcluded = false,
  ): Promise<RunReport> => {
    const embedder = createFakeEmbedder({ maxTokens: 1000 })
    await using loader = await openFileLoader({ roots: [{ path: docs, name: 'docs' }], ...options })
    const chunker = createChunker({ maxTokens: 100, countTokens: (text) => embedder.countTokens(text) })
    return indexCorpus({ loader, chunker, embedder, store, allowMassDelete, deleteExcluded })
  }
  const stored = async (): Promise<string[]> =>
    (await Array.fromAsync(store.listSources())).map(({ id }) => id).toSorted()
  await run()
  expect(await stored()).toEqual(indexed)
  return { folder, docs, run, stored, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

type Indexed = Awaited<ReturnType<typeof indexedFolder>>

/** Places that a run cannot see, or is told not to look at. Each makes `sub` or a file in it vanish from the listing. */
const unseen: readonly {
  readonly name: string
  readonly hide: (indexed: Indexed) => Promise<Partial<FileLoaderOptions>>
}[] = [
  { name: 'a folder that is excluded', hide: async () => ({ exclude: ['sub'] }) },
  { name: 'a file that is excluded', hide: async () => ({ exclude: ['**/f.md'] }) },
  { name: 'files that no include glob matches any more', hide: async () => ({ include: ['*.md'] }) },
  {
    name: 'a folder that .gitignore leaves out',
    hide: async ({ docs }) => {
      await writeFile(join(docs, '.gitignore'), 'sub/\n')
      return {}
    },
  },
  {
    name: 'a folder that was moved away and linked to',
    hide: async ({ docs, folder }) => {
      await rename(join(docs, 'sub'), join(folder.path, 'elsewhere'))
      await symlink(join(folder.path, 'elsewhere'), join(docs, 'sub'))
      return {}
    },
  },
  {
    name: 'a link that leads nowhere in place of a folder',
    hide: async ({ docs }) => {
      await rm(join(docs, 'sub'), { recursive: true })
      await symlink(join(docs, 'gone'), join(docs, 'sub'))
      return {}
    },
  },
  {
    name: 'a file that has become larger than the limit',
    hide: async ({ docs }) => {
      await writeFile(join(docs, 'sub', 'f.md'), 'x'.repeat(2000))
      return { maxFileBytes: 1000 }
    },
  },
  {
    name: 'a file that can be parsed no more',
    hide: async ({ docs }) => {
      await writeFile(join(docs, 'sub', 'f.md'), Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))
      return {}
    },
  },
]

describe('what could not be seen is not deleted', () => {
  test.each(unseen)('$name', async ({ hide }) => {
    await using place = await indexedFolder()
    const options = await hide(place)
    const report = await place.run(options, true)
    expect(report.sources.deleted).toBe(0)
    expect(await place.stored()).toEqual(indexed)
    // What is truly gone is retired all the same.
    await rm(join(place.docs, 'a.md'))
    expect((await place.run(options, true)).sources.deleted).toBe(1)
    expect(await place.stored()).toEqual(indexed.filter((id) => id !== 'docs/a.md'))
  })

  test.each(unseen)('with deleteExcluded only what was left out by choice: $name', async ({ name, hide }) => {
    await using place = await indexedFolder()
    const options = await hide(place)
    const report = await place.run(options, false, true)
    const expected = /exclude|include|ignore/.test(name) ? (name === 'a file that is excluded' ? 1 : 2) : 0
    expect(report.sources.deleted).toBe(expected)
    expect(await place.stored()).toHaveLength(indexed.length - expected)
  })

  test('a root that is missing ends the run, whatever is allowed', async () => {
    await using place = await indexedFolder()
    await rm(place.docs, { recursive: true })
    await expect(place.run({}, true)).rejects.toMatchObject({ code: 'ROOT_NOT_FOUND' })
    expect(await place.stored()).toEqual(indexed)
  })

  test('a root that is empty is refused unless that is allowed', async () => {
    await using place = await indexedFolder()
    await rm(place.docs, { recursive: true })
    await mkdir(place.docs)
    await expect(place.run()).rejects.toMatchObject({ code: 'MASS_DELETION' })
    expect(await place.stored()).toEqual(indexed)
    expect((await place.run({}, true)).sources.deleted).toBe(indexed.length)
  })
})
