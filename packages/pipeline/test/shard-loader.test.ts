import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ListingEntry, Loader } from '@quern/core'
import { shardLoader } from '../src/index.ts'
import { createBench, texts } from './bench.ts'
import { createMemoryCorpus } from './memory-corpus.ts'

async function listIds(loader: Loader): Promise<string[]> {
  const entries: ListingEntry[] = await Array.fromAsync(loader.list())
  return entries.map((entry) => (entry.type === 'source' ? entry.source.id : `${entry.id} ${entry.reason}`))
}

test('every source belongs to one shard, whatever the count', async () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z/]{1,8}$/), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(names, fc.integer({ min: 1, max: 7 }), async (files, count) => {
      const corpus = createMemoryCorpus(Object.fromEntries(files.map((name) => [`docs/${name}`, name])))
      const shards = Array.from({ length: count }, (_, index) => shardLoader(corpus, { index: index + 1, count }))
      const listed = (await Promise.all(shards.map(listIds))).flat()
      expect(listed.toSorted()).toEqual((await listIds(corpus)).toSorted())
      for (const name of files) expect(shards.filter((shard) => shard.covers(`docs/${name}`))).toHaveLength(1)
    }),
  )
})

test('what is skipped is told in every shard', async () => {
  const corpus = createMemoryCorpus({ 'docs/a.md': 'a' })
  corpus.skips.set('docs/b.md', 'UNREADABLE')
  for (const index of [1, 2, 3]) {
    expect(await listIds(shardLoader(corpus, { index, count: 3 }))).toContain('docs/b.md UNREADABLE')
  }
})

test('runs of all shards fill one store, and none retires what is another’s', async () => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`docs/${index}.md`, `text ${index}`]))
  const whole = createBench(files)
  await whole.run()
  const parts = createBench(files)
  for (const round of [1, 2]) {
    for (const index of [1, 2, 3, 4]) {
      const { sources } = await parts.run({ loader: shardLoader(parts.corpus, { index, count: 4 }) })
      expect(sources).toMatchObject(round === 1 ? { deleted: 0 } : { new: 0, deleted: 0, changed: 0 })
    }
  }
  expect(await texts(parts.store)).toEqual(await texts(whole.store))
})

test.each([
  [0, 4],
  [5, 4],
  [1.5, 2],
  [1, 0],
])('there is no shard %d of %d', (index, count) => {
  expect(() => shardLoader(createMemoryCorpus(), { index, count })).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID' }),
  )
})
