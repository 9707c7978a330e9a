import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPostings } from '../../../src/search/keyword/postings.ts'
import { createPace } from '../../../src/search/pace.ts'

const pace = createPace(() => undefined)

async function read(postings: ReturnType<typeof createPostings>, list: number): Promise<[number, number][]> {
  const entries: [number, number][] = []
  await postings.each(list, (text, count) => void entries.push([text, count]), pace)
  return entries
}

test('lists give back what was added to them, however they grow side by side', async () => {
  const counts = fc.array(fc.oneof(fc.constantFrom(1, 7, 8, 9), fc.integer({ min: 1, max: 2 ** 32 - 1 })), {
    minLength: 1,
  })
  const shape = fc.array(fc.record({ length: fc.integer({ min: 1, max: 3000 }), counts }), {
    minLength: 1,
    maxLength: 6,
  })
  const property = fc.asyncProperty(shape, fc.nat(2 ** 29 - 20_000), async (lists, firstText) => {
    const postings = createPostings()
    const expected = lists.map((): [number, number][] => [])
    expect(lists.map(() => postings.create())).toEqual([...lists.keys()])
    for (let i = 0; i < 3000; i++) {
      for (const [list, entry] of lists.entries()) {
        if (i >= entry.length) continue
        const count = entry.counts[i % entry.counts.length] as number
        postings.append(list, firstText + i * 6 + list, count)
        expected[list]?.push([firstText + i * 6 + list, count])
      }
    }
    for (const list of lists.keys()) expect(await read(postings, list)).toEqual(expected[list])
  })
  await fc.assert(property, { numRuns: 40 })
})

test('many short lists beside a long one fill many pages', async () => {
  const postings = createPostings()
  const long = postings.create()
  for (let text = 0; text < 100_000; text++) {
    postings.append(long, text, 1 + (text % 9))
    postings.append(postings.create(), text, 1)
  }
  const entries = await read(postings, long)
  expect(entries).toHaveLength(100_000)
  expect(entries.every(([text, count], i) => text === i && count === 1 + (i % 9))).toBe(true)
  for (const list of [1, 777, 100_000]) expect(await read(postings, list)).toEqual([[list - 1, 1]])
})
