import { join } from 'node:path'
import type { Filter, SourceChunks, VectorStore } from '@quern/core'
import { createMemoryStore } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import type { WordIndexing } from '../src/index.ts'
import { openLanceStore } from '../src/index.ts'
import { sourceOf, space } from './sample-store.ts'

const dictionary = ['quern', 'mill', 'Korn', 'STONE', 'water', 'été', 'Мельница', '水車', 'x1', '42', 'straße', 'wind']

/** Sources whose chunks have from two to twenty words, no two alike. */
function wordySources(from: number, count: number): SourceChunks[] {
  return Array.from({ length: count }, (_, i) => {
    const texts = Array.from({ length: 12 }, (__, chunk) => {
      const length = 2 + (((from + i) * 7 + chunk * 5) % 19)
      const words = Array.from(
        { length },
        (___, place) => dictionary[((from + i) * 31 + chunk * 17 + place * place) % 12],
      )
      return `${words.join(', ')} no${from + i}n${chunk}`
    })
    return sourceOf(`docs/${from + i}.md`, texts)
  })
}

const queries = [
  'quern',
  'korn stone',
  'ÉTÉ',
  'мельница 42',
  '水車',
  'no3n4 no5n1 mill',
  'straße',
  'absent',
  'x1 absent',
  '"quern',
]

async function idsOf(store: VectorStore, text: string, filter?: Filter): Promise<string[]> {
  const hits = await store.search({ mode: 'keyword', text, limit: 10_000, filter })
  return hits.map(({ chunk }) => chunk.id)
}

function open(path: string, wordIndex: WordIndexing): Promise<VectorStore> {
  return openLanceStore({ uri: path, mode: 'write', space, wordIndex })
}

test('without an index words are found and ranked exactly like in the reference', async () => {
  await using folder = await temporaryFolder()
  await using store = await open(folder.path, 'never')
  await using reference = createMemoryStore({ space })
  for (const one of [store, reference]) await one.commit({ put: wordySources(0, 30) })
  for (const text of queries) {
    for (const filter of [undefined, { field: 'chunk', op: 'lt', value: 5 }] as const)
      expect(await idsOf(store, text, filter)).toEqual(await idsOf(reference, text, filter))
  }
})

test('with an index the same chunks are found, whether it has them already or not', async () => {
  await using folder = await temporaryFolder()
  await using store = await open(folder.path, 'always')
  await using reference = createMemoryStore({ space })
  const expectSame = async (): Promise<void> => {
    for (const text of queries) {
      for (const filter of [undefined, { field: 'source', op: 'prefix', value: 'docs/1' }] as const) {
        const [ids, expected] = [await idsOf(store, text, filter), await idsOf(reference, text, filter)]
        expect(ids.toSorted(), text).toEqual(expected.toSorted())
      }
    }
  }
  for (const one of [store, reference]) await one.commit({ put: wordySources(0, 20) })
  await expectSame()
  await store.maintain()
  await expectSame()
  for (const one of [store, reference]) {
    await one.commit({ put: wordySources(20, 10), delete: ['docs/1.md', 'docs/5.md'] })
    await one.commit({ put: [sourceOf('docs/2.md', ['quern alone'])] })
  }
  await expectSame()
  await store.maintain()
  await expectSame()
})

test('an index that a machine cannot write is given up for reading, with the same answers', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'store')
  {
    await using store = await open(path, 'always')
    await store.commit({ put: wordySources(0, 20) })
  }
  await using store = await open(path, 'never')
  const before = await idsOf(store, 'quern mill')
  await store.commit({ put: wordySources(20, 10) })
  await store.maintain()
  const after = await idsOf(store, 'quern mill')
  expect(after).toEqual(expect.arrayContaining(before))
  expect(after.length).toBeGreaterThan(before.length)
})

test('a store that was made without an index of words gets one when it is wanted', async () => {
  await using folder = await temporaryFolder()
  const sources = wordySources(0, 20)
  {
    await using store = await open(folder.path, 'never')
    await store.commit({ put: sources })
  }
  await using store = await open(folder.path, 'always')
  const expected = sources.flatMap(({ chunks }) => chunks.filter(({ pageContent }) => /quern/.test(pageContent)))
  expect((await idsOf(store, 'quern')).toSorted()).toEqual(expected.map(({ id }) => id).toSorted())
})
